using System.Buffers;

namespace SmimeGateway.Deciding;

/// <summary>A text in which <c>*</c> stands for any run of characters and <c>?</c> for one; letters compare without case.</summary>
public sealed class WildcardPattern
{
    private static readonly SearchValues<char> Wildcards = SearchValues.Create("*?");

    private readonly string _text;

    private WildcardPattern(string text) => _text = text.ToLowerInvariant();

    /// <summary>Reads a pattern; every text is one.</summary>
    public static WildcardPattern Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new WildcardPattern(text);
    }

    /// <summary>True when the text holds <c>*</c> or <c>?</c>.</summary>
    public static bool HasWildcard(ReadOnlySpan<char> text) => text.ContainsAny(Wildcards);

    /// <summary>
    /// True when the whole input matches. Takes time proportional to the product of both lengths at worst: after a mismatch only the
    /// latest star is widened, which is enough because an earlier star could only match less of the same input.
    /// </summary>
    public bool Matches(ReadOnlySpan<char> input)
    {
        ReadOnlySpan<char> pattern = _text;
        int at = 0, star = -1, resume = 0, next = 0;
        while (next < input.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                resume = next;
            }
            else if (at < pattern.Length && (pattern[at] == '?' || pattern[at] == char.ToLowerInvariant(input[next])))
            {
                at++;
                next++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                next = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].TrimStart('*').IsEmpty;
    }
}
