using System.Globalization;

namespace SmimeGateway.Reporting;

/// <summary>Makes text of foreign origin fit for a report, whatever was promised about it before.</summary>
internal static class ReportText
{
    /// <summary>On one line, without control characters.</summary>
    public static string OneLine(string text) => Replace(text, static character =>
        char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>On one line, in printable ASCII, as fields need it.</summary>
    public static string Ascii(string text) => Replace(text, static character => character is < ' ' or > '~');

    /// <summary>True for a reply as a server gave it, which begins with its code; false for a sentence of our own.</summary>
    public static bool IsReply(string diagnostic) =>
        diagnostic.Length >= 3 && !diagnostic.AsSpan(0, 3).ContainsAnyExceptInRange('0', '9');

    private static string Replace(string text, Func<char, bool> isUnfit) =>
        text.Any(isUnfit) ? string.Create(text.Length, (text, isUnfit), static (span, state) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = state.isUnfit(state.text[i]) ? '?' : state.text[i];
            }
        }) : text;
}
