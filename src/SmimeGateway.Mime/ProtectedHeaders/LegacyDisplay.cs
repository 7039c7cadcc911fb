using System.Globalization;
using System.Text;

namespace SmimeGateway.Mime.ProtectedHeaders;

/// <summary>What a text says of hidden fields to clients that do not know protected headers (RFC 9788 sections 5.2.2, 5.2.3 and 10.3).</summary>
internal sealed class LegacyDisplay
{
    public const string ParameterName = "hp-legacy-display";

    public LegacyDisplay(IEnumerable<HeaderField> hidden)
    {
        var lines = string.Concat(hidden.Select(field => $"{field.Name}: {OneLine(field.Text)}".TrimEnd() + "\r\n"));
        Plain = lines + "\r\n";
        Html = $"<div class=\"header-protection-legacy-display\">\r\n<pre>\r\n{EscapeHtml(lines)}</pre>\r\n</div>";
    }

    /// <summary>Lines and an empty line, to stand before a text.</summary>
    public string Plain { get; }

    /// <summary>An element in ASCII, to stand first in the body of a document.</summary>
    public string Html { get; }

    // An encoded line end would end the element too early for those who leave it out, and a control character has no place in a text.
    private static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        var isBlankDue = false;
        foreach (var character in text)
        {
            if (char.IsWhiteSpace(character) || char.IsControl(character))
            {
                isBlankDue = line.Length > 0;
                continue;
            }

            line.Append(isBlankDue ? " " : string.Empty).Append(character);
            isBlankDue = false;
        }

        return line.ToString();
    }

    // Character references leave the charset of the document, and what its head says of it, out of the matter.
    private static string EscapeHtml(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '\'' => escaped.Append("&apos;"),
                '"' => escaped.Append("&quot;"),
                '&' => escaped.Append("&amp;"),
                < 0x80 => escaped.Append((char)rune.Value),
                _ => escaped.Append(CultureInfo.InvariantCulture, $"&#x{rune.Value:X};"),
            };
        }

        return escaped.ToString();
    }
}
