using System.Text;

namespace SmimeGateway.Mime.Hardening;

/// <summary>Writes a field in lines of at most 76 columns where its blanks allow it (RFC 5322 section 2.2.3).</summary>
internal static class FoldedField
{
    private const int MaxColumns = 76;

    public static byte[] Write(string name, string body)
    {
        var written = new StringBuilder(name).Append(':');
        var column = written.Length;
        foreach (var word in body.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            // The first word stays with the name: a first line without a body is lost on some readers. Unless it would not fit at all.
            var isFirst = column == name.Length + 1 && written.Length == column;
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
