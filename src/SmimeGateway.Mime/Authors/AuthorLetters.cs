using System.Text;

namespace SmimeGateway.Mime.Authors;

/// <summary>The letters and digits of what people may be shown, with and without comments, for fields in which addresses cannot be told.</summary>
/// <param name="texts">What people may be shown.</param>
internal sealed class AuthorLetters(IReadOnlyCollection<string> texts)
{
    private readonly Lazy<string[]> _letters = new(() =>
        [.. texts.SelectMany(text => (string[])[LettersOf(text), LettersOf(WithoutComments(text))]).Distinct(StringComparer.Ordinal)]);

    /// <summary>Whether any of the texts has an "@".</summary>
    public bool HoldsAddress => texts.Any(text => text.Contains('@', StringComparison.Ordinal));

    /// <summary>Whether the letters and digits of a text stand in it in a row.</summary>
    public bool Hold(string text)
    {
        var letters = LettersOf(text);
        return Array.Exists(_letters.Value, shown => shown.Contains(letters, StringComparison.Ordinal));
    }

    private static string LettersOf(string text)
    {
        var letters = new StringBuilder(text.Length);
        foreach (var rune in ShownTexts.Bare(text).EnumerateRunes().Where(Rune.IsLetterOrDigit))
        {
            letters.Append(Rune.ToLowerInvariant(rune));
        }

        return letters.ToString();
    }

    private static string WithoutComments(string text)
    {
        var rest = new StringBuilder(text.Length);
        var depth = 0;
        foreach (var character in text)
        {
            depth += character == '(' ? 1 : 0;
            _ = depth == 0 ? rest.Append(character) : rest;
            depth -= character == ')' && depth > 0 ? 1 : 0;
        }

        return rest.ToString();
    }
}
