using System.Globalization;
using System.Text;

namespace SmimeGateway.Certificates;

/// <summary>Makes foreign text fit for one line of a log.</summary>
internal static class PrintableText
{
    private const int MaxLength = 1000;

    /// <summary>The text with control and format characters escaped as <c>\uXXXX</c>, cut after 1,000 characters.</summary>
    public static string Of(string text)
    {
        if (text.Length <= MaxLength && !text.Any(IsUnfit))
        {
            return text;
        }

        var printable = new StringBuilder();
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
        {
            _ = IsUnfit(character) ? printable.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}") : printable.Append(character);
        }

        return text.Length > MaxLength ? printable.Append("...").ToString() : printable.ToString();
    }

    private static bool IsUnfit(char character)
        => char.IsControl(character) || char.IsSurrogate(character) || character is (>= '\u200B' and <= '\u200F') or (>= '\u2028' and <= '\u202E') or '\uFEFF';
}
