using System.Globalization;
using System.Text;

namespace SmimeGateway.Reporting;

/// <summary>Quoted-printable for text with CR LF line ends (RFC 2045 section 6.7), for the parts of a report that are not plain ASCII.</summary>
internal static class QuotedPrintable
{
    private const int MaxColumns = 76;
    private const int MaxPlainLine = 998;

    /// <summary>True when the text cannot travel as it is: octets above 127, control characters, or lines beyond RFC 5321's limit.</summary>
    public static bool IsNeededFor(string text)
    {
        var column = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            column = character == '\n' ? 0 : column + 1;
            var isLineEnd = (character == '\r' && i + 1 < text.Length && text[i + 1] == '\n') || (character == '\n' && i > 0 && text[i - 1] == '\r');
            if (column > MaxPlainLine || character > '~' || (character < ' ' && character != '\t' && !isLineEnd))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Encodes the UTF-8 form of the text.</summary>
    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length * 2);
        foreach (var line in text.Split("\r\n"))
        {
            AppendLine(encoded, Encoding.UTF8.GetBytes(line));
        }

        // Splitting makes one line more than there are line ends.
        encoded.Length -= 2;
        return encoded.ToString();
    }

    private static void AppendLine(StringBuilder encoded, byte[] line)
    {
        var column = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var isLast = i == line.Length - 1;
            var isPlain = line[i] is >= (byte)'!' and <= (byte)'~' and not (byte)'=' || (line[i] is (byte)' ' or (byte)'\t' && !isLast);
            var width = isPlain ? 1 : 3;

            // One column is kept for the soft line break.
            if (column + width > MaxColumns - (isLast ? 0 : 1))
            {
                encoded.Append("=\r\n");
                column = 0;
            }

            if (isPlain)
            {
                encoded.Append((char)line[i]);
            }
            else
            {
                encoded.Append(CultureInfo.InvariantCulture, $"={line[i]:X2}");
            }

            column += width;
        }

        encoded.Append("\r\n");
    }
}
