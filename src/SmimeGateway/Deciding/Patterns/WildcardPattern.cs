using System.Buffers;

namespace SmimeGateway.Deciding.Patterns;

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

    /// <summary>True when some text matches both patterns.</summary>
    public bool Meets(WildcardPattern other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (one, two) = (_text, other._text);

        // Whether what is left of one pattern, row by row from its end, meets what is left of the other one.
        var below = new bool[two.Length + 1];
        for (var i = one.Length; i >= 0; i--)
        {
            var row = new bool[two.Length + 1];
            for (var j = two.Length; j >= 0; j--)
            {
                var isStar = i < one.Length && one[i] == '*';
                var isOtherStar = j < two.Length && two[j] == '*';
                row[j] = (i, j) == (one.Length, two.Length)
                    || (isStar && (below[j] || (j < two.Length && row[j + 1])))
                    || (isOtherStar && (row[j + 1] || (i < one.Length && below[j])))
                    || (i < one.Length && j < two.Length && (one[i] == two[j] || one[i] == '?' || two[j] == '?') && below[j + 1]);
            }

            below = row;
        }

        return below[0];
    }

    /// <summary>
    /// Where the words of the pattern, what is neither <c>*</c> nor a <c>?</c> at an end of a word, stand in an input that matches, in
    /// their order; each as far to the front as it may. Empty when the input does not match.
    /// </summary>
    public IReadOnlyList<Range> FindWords(string input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var words = new List<Range>();
        var segments = _text.Split('*');
        if (segments.Length == 1 && input.Length != _text.Length)
        {
            return [];
        }

        var from = 0;
        for (var i = 0; i < segments.Length; i++)
        {
            // The first segment stands at the front and the last one at the end, whether or not a star leaves it empty.
            var isLast = i == segments.Length - 1;
            var latest = input.Length - segments[i].Length;
            var at = i == 0 ? 0 : isLast ? latest : from;
            var last = i == 0 ? 0 : latest;
            while (at <= last && at >= from && at <= latest && !IsAt(input, at, segments[i]))
            {
                at++;
            }

            if (at > last || at < from || at > latest)
            {
                return [];
            }

            AddWord(words, segments[i], at);
            from = at + segments[i].Length;
        }

        return words;
    }

    private static bool IsAt(string input, int at, string segment)
    {
        for (var i = 0; i < segment.Length; i++)
        {
            if (segment[i] != '?' && segment[i] != char.ToLowerInvariant(input[at + i]))
            {
                return false;
            }
        }

        return true;
    }

    private static void AddWord(List<Range> words, string segment, int at)
    {
        var word = segment.Trim('?');
        if (word.Length > 0)
        {
            var start = at + segment.Length - segment.TrimStart('?').Length;
            words.Add(start..(start + word.Length));
        }
    }
}
