using System.Text;
using SmimeGateway.Mime.Fields;

namespace SmimeGateway.Mime.Hardening;

/// <summary>Turns the words of a field body that cannot travel as they are into encoded words (RFC 2047), and leaves the others.</summary>
internal static class WordRepair
{
    // The longest word that stays as it is: with the name of a field before it, it still fits a line of 998.
    private const int MaxWordLength = 700;

    /// <summary>The body in printable ASCII, with a blank wherever it may be folded; it decodes to the same text.</summary>
    public static string Encode(string body)
    {
        var encoded = new StringBuilder(body.Length + 32);
        var words = body.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
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
                followsEncodedWord = words[i].EndsWith("?=", StringComparison.Ordinal);
                continue;
            }

            // Blanks between encoded words vanish when they are decoded, so those of the text are encoded along with the words.
            var first = i;
            while (i + 1 < words.Length && NeedsEncoding(words[i + 1]))
            {
                i++;
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

    private static bool NeedsEncoding(string word) => word.Length > MaxWordLength || word.AsSpan().ContainsAnyExceptInRange('!', '~');
}
