using System.Net;
using System.Text;

namespace SmimeGateway.Protecting.Tnef;

/// <summary>Tells whether two texts say the same, one of them being made of the other: by their words, whatever the lines and looks.</summary>
internal static class SameText
{
    // Of a hundred words: what a program that turns looks into plain text leaves out or adds, as the targets of links are.
    private const int Enough = 90;

    /// <summary>Whether nearly all words of the shown text are in the other one. A text without words says the same as any.</summary>
    public static bool Is(string shown, string other)
    {
        var known = Words(other).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var (found, all) = (0L, 0L);
        foreach (var word in Words(shown))
        {
            all++;
            found += known.Contains(word) ? 1 : 0;
        }

        return found * 100 >= all * Enough;
    }

    /// <summary>Whether every word of a text is in the other one, so that nothing is lost where it is left out.</summary>
    public static bool IsWithin(string text, string other)
    {
        if (text == other)
        {
            return true;
        }

        var known = Words(other).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Words(text).All(known.Contains);
    }

    /// <summary>Whether it says anything.</summary>
    public static bool HasWords(string? text) => text is not null && Words(text).Any();

    /// <summary>Whether both have the same words in the same order: one may then stand for the other where no further form of it is left.</summary>
    public static bool IsWordForWord(string shown, string other) => Words(shown).SequenceEqual(Words(other), StringComparer.Ordinal);

    /// <summary>What stands between the tags of HTML, and the addresses in them.</summary>
    public static string OfHtml(string html)
    {
        var text = new StringBuilder(html.Length);
        var position = 0;
        while (position < html.Length)
        {
            var tag = html.IndexOf('<', position);
            var end = tag < 0 ? -1 : html.IndexOf('>', tag);
            if (end < 0)
            {
                break;
            }

            text.Append(html, position, tag - position).Append(' ');

            // A plain text has the target of a link behind its words.
            text.Append(html.AsSpan(tag, end - tag).Contains("href", StringComparison.OrdinalIgnoreCase) ? html.AsSpan(tag + 1, end - tag - 1) : default).Append(' ');
            position = end + 1;
        }

        return WebUtility.HtmlDecode(text.Append(html, position, html.Length - position).ToString());
    }

    private static IEnumerable<string> Words(string text)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && char.IsLetterOrDigit(text[i]))
            {
                start = start < 0 ? i : start;
            }
            else if (start >= 0)
            {
                yield return text[start..i];
                start = -1;
            }
        }
    }
}
