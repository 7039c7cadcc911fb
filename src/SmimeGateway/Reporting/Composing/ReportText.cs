using System.Globalization;

namespace SmimeGateway.Reporting.Composing;

/// <summary>Makes text of foreign origin fit for a report, whatever was promised about it before.</summary>
internal static class ReportText
{
    /// <summary>
    /// With the name of its field it makes a line that may travel (RFC 5322 section 2.1.1). No reply and no address that works is longer:
    /// RFC 5321 section 4.5.3.1 lets a reply line have 512 octets, and a path 256.
    /// </summary>
    public const int MaxLength = 900;

    /// <summary>On one line, without control characters.</summary>
    public static string OneLine(string text) => Clean(text, static character =>
        char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>On one line, in printable ASCII, as fields need it.</summary>
    public static string Ascii(string text) => Clean(text, static character => character is < ' ' or > '~');

    /// <summary>Its words with one space between them: folding a line of many blanks would make an empty one.</summary>
    public static string Words(string text) => text.Contains("  ", StringComparison.Ordinal)
        ? string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        : text;

    /// <summary>True for a reply as a server gave it, which begins with its code; false for a sentence of our own.</summary>
    public static bool IsReply(string diagnostic) =>
        diagnostic.Length >= 3 && !diagnostic.AsSpan(0, 3).ContainsAnyExceptInRange('0', '9');

    private static string Clean(string text, Func<char, bool> isUnfit)
    {
        var end = Math.Min(text.Length, MaxLength);
        return end < text.Length || text.Any(isUnfit)
            ? string.Create(end, (text, isUnfit), static (span, state) =>
            {
                for (var i = 0; i < span.Length; i++)
                {
                    span[i] = state.isUnfit(state.text[i]) ? '?' : state.text[i];
                }
            })
            : text;
    }
}
