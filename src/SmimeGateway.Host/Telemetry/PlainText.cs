using System.Buffers;
using System.Globalization;
using System.Text;

namespace SmimeGateway.Host.Telemetry;

/// <summary>
/// Makes foreign text fit for a log and a terminal: nobody forges a line with a line break in an address or a reply, drives a terminal
/// with an escape sequence, or turns the order of what is read.
/// </summary>
internal static class PlainText
{
    private static readonly SearchValues<char> Suspects = SearchValues.Create(
        [.. Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code).Where(character => !Rune.TryCreate(character, out var rune) || IsUnfit(rune))]);

    /// <summary>One line of text: what people would not see, or see as something else, is escaped as JSON escapes it (<c>\u000A</c>).</summary>
    public static string Of(string text) => text.AsSpan().ContainsAny(Suspects) ? Escape(text, isLines: false) : text;

    /// <summary>The same for text of several lines, whose ends stay.</summary>
    public static string OfLines(string text) => HasOddities(text) ? Escape(text, isLines: true) : text;

    /// <summary>Whether anything in a text of several lines may have to be escaped, apart from their ends.</summary>
    public static bool HasOddities(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOfAny(Suspects); at >= 0; at = text.IndexOfAny(Suspects))
        {
            if (text[at] != '\n')
            {
                return true;
            }

            text = text[(at + 1)..];
        }

        return false;
    }

    private static string Escape(ReadOnlySpan<char> text, bool isLines)
    {
        var result = new StringBuilder(text.Length + 16);
        while (!text.IsEmpty)
        {
            var isWhole = Rune.DecodeFromUtf16(text, out var rune, out var length) == OperationStatus.Done;
            var isEnd = isLines && (text[0] == '\n' || text.StartsWith("\r\n"));
            if (isEnd || (isWhole && !IsUnfit(rune)))
            {
                result.Append(text[..length]);
            }
            else
            {
                foreach (var character in text[..length])
                {
                    result.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
                }
            }

            text = text[length..];
        }

        return result.ToString();
    }

    // What Unicode calls default ignorable has other categories too, and a blank of Braille is none to it.
    private static bool IsUnfit(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2065 or 0x2800 or 0x3164 or 0xFFA0
            or (>= 0xFFF0 and <= 0xFFF8) or (>= 0xE0000 and <= 0xE0FFF);
}
