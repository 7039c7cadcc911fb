using System.Text;

namespace SmimeGateway.Mime.Composing;

/// <summary>A text in the lines of mail.</summary>
internal static class PlainLines
{
    /// <summary>Every line end as CR LF, and no other control characters than tabs.</summary>
    public static string Of(string text)
    {
        var lines = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\r' when i + 1 < text.Length && text[i + 1] == '\n':
                    break;
                case '\r' or '\n':
                    lines.Append("\r\n");
                    break;
                case '\t':
                    lines.Append('\t');
                    break;
                default:
                    if (!char.IsControl(text[i]))
                    {
                        lines.Append(text[i]);
                    }

                    break;
            }
        }

        return lines.ToString();
    }

    /// <summary>One line without control characters, and without those that turn around what is written (Unicode's bidirectional controls), cut at a length.</summary>
    public static string OneLine(string text, int maxLength)
    {
        var line = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > maxLength)
            {
                break;
            }

            if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029)
            {
                line.Append(' ');
            }
            else if (rune.Value is not (0x200E or 0x200F or 0x061C or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFEFF or 0xFFFD))
            {
                line.Append(rune.ToString());
            }
        }

        return line.ToString().Trim();
    }
}
