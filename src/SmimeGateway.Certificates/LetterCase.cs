namespace SmimeGateway.Certificates;

/// <summary>Folds ASCII letters alone, whatever else a text holds.</summary>
internal static class LetterCase
{
    /// <summary>The text with ASCII letters in lower case; the same text where there is none in upper case.</summary>
    public static string FoldAscii(string text) => text.AsSpan().ContainsAnyInRange('A', 'Z')
        ? string.Create(text.Length, text, static (span, source) => FoldInto(source, span))
        : text;

    private static void FoldInto(string source, Span<char> target)
    {
        for (var i = 0; i < source.Length; i++)
        {
            target[i] = char.IsAsciiLetterUpper(source[i]) ? (char)(source[i] | 0x20) : source[i];
        }
    }
}
