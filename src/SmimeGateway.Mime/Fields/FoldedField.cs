using System.Text;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.Fields;

/// <summary>Writes a field in lines of at most 76 columns where its blanks allow it (RFC 5322 section 2.2.3).</summary>
internal static class FoldedField
{
    private const int MaxColumns = 76;

    /// <summary>Writes the start of the first line, then the words of the body with the blanks that are between them.</summary>
    public static byte[] Write(string start, string body)
    {
        var written = new StringBuilder(start);
        var column = start.Length;
        var rest = body.AsSpan().Trim(" \t");
        var blanks = " ".AsSpan();
        while (!rest.IsEmpty)
        {
            var length = rest.IndexOfAny(' ', '\t');
            var word = length < 0 ? rest : rest[..length];
            // The first word stays on its line: a first line without a body is lost on some readers. Unless it would not fit at all.
            var isFirst = written.Length == start.Length;
            if (column + blanks.Length + word.Length > (isFirst ? TransitScan.MaxLineLength : MaxColumns))
            {
                written.Append("\r\n");
                column = 0;
            }

            written.Append(blanks).Append(word);
            column += blanks.Length + word.Length;
            rest = rest[word.Length..];
            var next = rest.IndexOfAnyExcept(' ', '\t');
            blanks = next < 0 ? default : rest[..next];
            rest = next < 0 ? default : rest[next..];
        }

        return Encoding.ASCII.GetBytes(written.Append("\r\n").ToString());
    }
}
