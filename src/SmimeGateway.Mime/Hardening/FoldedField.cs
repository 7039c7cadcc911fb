using System.Text;

namespace SmimeGateway.Mime.Hardening;

/// <summary>Writes a field in lines of at most 76 columns where its blanks allow it (RFC 5322 section 2.2.3).</summary>
internal static class FoldedField
{
    private const int MaxColumns = 76;

    /// <summary>Writes the start of the first line, then the words of the body, each after a blank.</summary>
    public static byte[] Write(string start, string body)
    {
        var written = new StringBuilder(start);
        var column = start.Length;
        foreach (var word in body.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            // The first word stays on its line: a first line without a body is lost on some readers. Unless it would not fit at all.
            var isFirst = written.Length == start.Length;
            if (column + 1 + word.Length > (isFirst ? TransitScan.MaxLineLength : MaxColumns))
            {
                written.Append("\r\n");
                column = 0;
            }

            written.Append(' ').Append(word);
            column += word.Length + 1;
        }

        return Encoding.ASCII.GetBytes(written.Append("\r\n").ToString());
    }
}
