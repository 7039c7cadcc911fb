using System.Buffers;
using System.Text;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.Fields;

/// <summary>Encoded words (RFC 2047): words of other charsets in header fields.</summary>
internal static class EncodedWords
{
    // The longest word, RFC 2047 section 2, of which "=?utf-8?B?" and "?=" take 12; base64 makes 4 characters of 3 octets.
    private const int MaxWordLength = 75;
    private const int FrameLength = 12;
    private const int OctetsPerWord = (MaxWordLength - FrameLength) / 4 * 3;

    // What no encoded word holds that stands for a name alone.
    private static readonly SearchValues<char> AddressCharacters = SearchValues.Create(" \t@<>()\"\\:;[]");

    // token of RFC 2047 section 2: printable ASCII without its especials. What stands in a charset's place and is none is text.
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ\\^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>The text with its encoded words decoded; what is no well-formed encoded word stays as it is.</summary>
    public static string Decode(string text)
    {
        var start = text.IndexOf("=?", StringComparison.Ordinal);
        if (start < 0)
        {
            return text;
        }

        var decoded = new StringBuilder(text.Length);
        var pending = new PendingWords(decoded);
        var position = 0;
        while (start >= 0)
        {
            if (!TryReadWord(text, start, out var charset, out var bytes, out var end))
            {
                start = text.IndexOf("=?", start + 2, StringComparison.Ordinal);
                continue;
            }

            var between = text.AsSpan(position, start - position);
            // Blanks between two encoded words belong to their folding, not to the text (RFC 2047 section 6.2).
            if (!pending.IsEmpty && !between.IsWhiteSpace())
            {
                pending.Flush();
            }

            if (pending.IsEmpty)
            {
                decoded.Append(between);
            }

            pending.Add(charset, bytes);
            position = end;
            start = text.IndexOf("=?", end, StringComparison.Ordinal);
        }

        pending.Flush();
        return decoded.Append(text, position, text.Length - position).ToString();
    }

    /// <summary>The text as encoded words of UTF-8, separated by blanks at which a field may be folded.</summary>
    /// <param name="text">The text.</param>
    /// <param name="firstLength">The characters that the first word may have.</param>
    public static string Encode(string text, int firstLength = MaxWordLength)
    {
        var encoded = new StringBuilder();
        Span<byte> octets = stackalloc byte[OctetsPerWord];
        var count = 0;
        // A character takes up to four octets, and a word that holds none would be read as text.
        var room = Math.Clamp((firstLength - FrameLength) / 4 * 3, 6, OctetsPerWord);
        foreach (var rune in text.EnumerateRunes())
        {
            // A character may not be split over two words (RFC 2047 section 5).
            if (count + rune.Utf8SequenceLength > room)
            {
                AppendWord(encoded, octets[..count]);
                count = 0;
                room = OctetsPerWord;
            }

            count += rune.EncodeToUtf8(octets[count..]);
        }

        AppendWord(encoded, octets[..count]);
        return encoded.ToString();
    }

    /// <summary>
    /// Whether a complete encoded word that may be a word of an address list starts here; tells where it ends. Some write commas and dots
    /// into one although they may not (RFC 2047 section 5, rule 3); what could begin or end an address, a quote or a comment is never in one.
    /// </summary>
    public static bool TryFindEnd(string text, int start, out int end)
    {
        end = 0;
        if (!TryFindParts(text, start, out _, out var second, out end))
        {
            return false;
        }

        return !text.AsSpan(second, end - second).ContainsAny(AddressCharacters);
    }

    /// <summary>Whether the lenient would decode a word that starts here; gives its parts.</summary>
    public static bool TryReadParts(string text, int start, out string charset, out char encoding, out ReadOnlySpan<char> payload, out int end)
    {
        (charset, encoding) = (string.Empty, default);
        payload = default;
        if (!TryFindParts(text, start, out var first, out var second, out end))
        {
            return false;
        }

        charset = text[(start + 2)..first];
        encoding = char.ToLowerInvariant(text[first + 1]);
        payload = text.AsSpan(second + 1, end - second - 3);
        return true;
    }

    /// <summary>Whether all decoders find the same octets in a word's text, also those that join it with the next one before they decode.</summary>
    public static bool IsReadAlike(char encoding, ReadOnlySpan<char> payload) => encoding == 'b' ? IsCanonical(payload) : IsWholeQ(payload);

    /// <summary>The octets of a word's text in its charset.</summary>
    public static byte[] OctetsOf(char encoding, ReadOnlySpan<char> payload)
    {
        var octets = new byte[Encoding.UTF8.GetByteCount(payload)];
        Encoding.UTF8.GetBytes(payload, octets);
        return encoding == 'b' ? Base64Body.Decode(octets) : DecodeQ(octets);
    }

    // Decoders differ in what they do with anything else, and some join the words before they decode them.
    private static bool IsCanonical(ReadOnlySpan<char> payload)
    {
        var digits = payload.TrimEnd('=');
        foreach (var digit in digits)
        {
            if (!char.IsAsciiLetterOrDigit(digit) && digit is not ('+' or '/'))
            {
                return false;
            }
        }

        return payload.Length % 4 == 0 && payload.Length - digits.Length <= 2;
    }

    // No escape goes on in the next word, and none is broken.
    private static bool IsWholeQ(ReadOnlySpan<char> payload)
    {
        for (var i = payload.IndexOf('='); i >= 0 && i < payload.Length; i++)
        {
            if (payload[i] == '='
                && (i + 2 >= payload.Length || !char.IsAsciiHexDigit(payload[i + 1]) || !char.IsAsciiHexDigit(payload[i + 2])))
            {
                return false;
            }
        }

        return true;
    }

    private static void AppendWord(StringBuilder encoded, ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty)
        {
            return;
        }

        if (encoded.Length > 0)
        {
            encoded.Append(' ');
        }

        encoded.Append("=?utf-8?B?").Append(Convert.ToBase64String(octets)).Append("?=");
    }

    private static bool TryFindParts(string text, int start, out int first, out int second, out int end)
    {
        second = 0;
        end = 0;
        first = -1;
        if (!text.AsSpan(start).StartsWith("=?"))
        {
            return false;
        }

        // A charset name is short; looking no further keeps a field of many "=?" from being searched to its end for each.
        var window = text.AsSpan(start + 2, Math.Min(64, text.Length - start - 2)).IndexOf('?');
        if (window <= 0)
        {
            return false;
        }

        if (text.AsSpan(start + 2, window).ContainsAnyExcept(TokenCharacters))
        {
            return false;
        }

        first = start + 2 + window;
        second = first + 2;
        if (second >= text.Length || text[second] != '?' || (text[first + 1] | 0x20) is not ('q' or 'b'))
        {
            return false;
        }

        // The next question mark ends the word: neither encoding leaves one unencoded.
        var close = text.AsSpan(second + 1).IndexOf('?');
        if (close < 0 || second + 2 + close >= text.Length || text[second + 2 + close] != '=')
        {
            return false;
        }

        end = second + 3 + close;
        return true;
    }

    private static bool TryReadWord(string text, int start, out string charset, out byte[] bytes, out int end)
    {
        charset = string.Empty;
        bytes = [];
        if (!TryReadParts(text, start, out charset, out var encoding, out var payload, out end))
        {
            return false;
        }

        bytes = OctetsOf(encoding, payload);
        return true;
    }

    private static byte[] DecodeQ(Span<byte> octets)
    {
        octets.Replace((byte)'_', (byte)' ');
        var decoded = new byte[octets.Length];
        var written = 0;
        for (var i = 0; i < octets.Length; i++)
        {
            if (octets[i] == '=' && i + 2 < octets.Length && QuotedPrintable.TryReadHex(octets[i + 1], octets[i + 2], out var value))
            {
                decoded[written++] = value;
                i += 2;
            }
            else
            {
                decoded[written++] = octets[i];
            }
        }

        return decoded[..written];
    }

    /// <summary>Adjacent words of one charset, decoded together: senders split characters over words although they may not.</summary>
    private sealed class PendingWords(StringBuilder decoded)
    {
        private readonly List<byte> _bytes = [];
        private string _charset = string.Empty;

        public bool IsEmpty { get; private set; } = true;

        public void Add(string charset, byte[] bytes)
        {
            if (!IsEmpty && !string.Equals(charset, _charset, StringComparison.OrdinalIgnoreCase))
            {
                Flush();
            }

            _charset = charset;
            _bytes.AddRange(bytes);
            IsEmpty = false;
        }

        public void Flush()
        {
            if (!IsEmpty)
            {
                decoded.Append(Charsets.Decode(_charset, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes)));
                _bytes.Clear();
                IsEmpty = true;
            }
        }
    }
}
