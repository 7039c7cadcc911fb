namespace SmimeGateway.Deciding.Patterns;

/// <summary>A pattern for the text of a header field. Both are compared as people see them: see <see cref="ComparedText"/>.</summary>
public sealed class TextPattern
{
    private readonly WildcardPattern _pattern;

    private TextPattern(string text) => _pattern = WildcardPattern.Parse(ComparedText.Of(text));

    /// <summary>Reads a pattern; every text is one.</summary>
    public static TextPattern Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new TextPattern(text);
    }

    /// <summary>True when the whole text matches.</summary>
    public bool Matches(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return MatchesCompared(ComparedText.Of(text));
    }

    /// <summary>Where the words of the pattern stand in a text that matches; empty when it does not. See <see cref="WildcardPattern.FindWords"/>.</summary>
    public IReadOnlyList<Range> FindWords(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var compared = ComparedText.Read(text);
        return [.. _pattern.FindWords(compared.Text).Select(compared.SourceOf)];
    }

    internal bool MatchesCompared(string comparedText) => _pattern.Matches(comparedText);
}
