using System.Text;
using SmimeGateway.Mime.Fields;

namespace SmimeGateway.Mime.Hardening;

/// <summary>Turns the words of a text that cannot travel as they are into encoded words (RFC 2047), and leaves the others.</summary>
internal static class WordRepair
{
    // The longest word that stays as it is: with the name of a field before it, it still fits a line of 998.
    private const int MaxWordLength = 700;

    /// <summary>Whether the body is printable ASCII that can be folded into lines as it is.</summary>
    public static bool IsPrintable(string body)
    {
        foreach (var word in body.AsSpan().SplitAny(' ', '\t'))
        {
            if (NeedsEncoding(body.AsSpan(word)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The body in printable ASCII, with a blank wherever it may be folded; it decodes to the same text.</summary>
    public static string Encode(string body)
    {
        var encoded = new StringBuilder(body.Length + 32);
        var words = body.Split(' ');
        var followsEncodedWord = false;
        for (var i = 0; i < words.Length; i++)
        {
            if (i > 0)
            {
                encoded.Append(' ');
            }

            if (!NeedsEncoding(words[i]))
            {
                encoded.Append(words[i]);
                followsEncodedWord = words[i].Length == 0 ? followsEncodedWord : words[i].EndsWith("?=", StringComparison.Ordinal);
                continue;
            }

            // Blanks between encoded words vanish when they are decoded, so those of the text are encoded along with the words.
            var first = i;
            var next = NextEncoded(words, i);
            while (next > 0)
            {
                i = next;
                next = NextEncoded(words, i);
            }

            // A word may hold an encoded word already; encoding that again would show it as it is written.
            var text = EncodedWords.Decode(string.Join(' ', words, first, i - first + 1));
            var precedesEncodedWord = i + 1 < words.Length && words[i + 1].StartsWith("=?", StringComparison.Ordinal);
            var before = followsEncodedWord && !EncodedWords.TryFindEnd(words[first], 0, out _) ? " " : "";
            var after = precedesEncodedWord && !words[i].EndsWith("?=", StringComparison.Ordinal) ? " " : "";
            encoded.Append(EncodedWords.Encode(before + text + after));
            followsEncodedWord = false;
        }

        return encoded.ToString();
    }

    // Empty words stand between blanks that follow each other.
    private static int NextEncoded(string[] words, int from)
    {
        var next = Array.FindIndex(words, from + 1, word => word.Length > 0);
        return next > 0 && NeedsEncoding(words[next]) ? next : -1;
    }

    private static bool NeedsEncoding(ReadOnlySpan<char> word) => word.Length > MaxWordLength || word.ContainsAnyExceptInRange('!', '~');
}
