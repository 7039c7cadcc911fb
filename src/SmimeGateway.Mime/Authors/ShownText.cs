using System.Text;
using SmimeGateway.Mime.Fields;

namespace SmimeGateway.Mime.Authors;

/// <summary>What people are shown of a field body with encoded words (RFC 2047), by programs that decode it leniently.</summary>
/// <param name="Joined">The text with adjacent words decoded together.</param>
/// <param name="Separate">The text with each word decoded by itself, as others do.</param>
/// <param name="Doubt">Why programs may be shown something else still, or null.</param>
internal sealed record ShownText(string Joined, string Separate, string? Doubt)
{
    private const string Padding = "=";

    /// <summary>Decodes the body.</summary>
    public static ShownText Of(string body)
    {
        var start = body.IndexOf("=?", StringComparison.Ordinal);
        if (start < 0)
        {
            return new ShownText(body, body, Doubt: null);
        }

        string? doubt = null;
        var separate = new StringBuilder(body.Length);
        var position = 0;
        while (start >= 0)
        {
            if (!EncodedWords.TryReadParts(body, start, out var charset, out var encoding, out var payload, out var end))
            {
                doubt ??= "something that looks like an encoded word and is none";
                start = body.IndexOf("=?", start + 2, StringComparison.Ordinal);
                continue;
            }

            doubt ??= !Charsets.IsReadAlike(charset) ? "an encoded word in a charset that programs read differently"
                : encoding == 'b' && !IsCanonical(payload) ? "an encoded word with broken base64"
                : null;
            separate.Append(body, position, start - position).Append(EncodedWords.Decode(body[start..end]));
            position = end;
            start = body.IndexOf("=?", end, StringComparison.Ordinal);
        }

        separate.Append(body, position, body.Length - position);
        var joined = EncodedWords.Decode(body);
        if (joined.Contains("=?", StringComparison.Ordinal))
        {
            // Some decode until nothing is left to decode.
            doubt ??= "an encoded word inside another one";
        }

        return new ShownText(joined, separate.ToString(), doubt);
    }

    // Decoders differ in what they do with anything else, and some join the words before they decode them.
    private static bool IsCanonical(ReadOnlySpan<char> payload)
    {
        var digits = payload.TrimEnd(Padding);
        foreach (var digit in digits)
        {
            if (!char.IsAsciiLetterOrDigit(digit) && digit is not ('+' or '/'))
            {
                return false;
            }
        }

        return payload.Length % 4 == 0 && payload.Length - digits.Length <= 2;
    }
}
