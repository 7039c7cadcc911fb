using System.Buffers;
using System.Text;
using SmimeGateway.Mime.Fields;
using SmimeGateway.Mime.Structure;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.ProtectedHeaders;

/// <summary>A text, without its transfer encoding, that the display was put into.</summary>
/// <param name="Content">The octets of the whole text.</param>
/// <param name="NewCharset">The charset that the text now has; null where it is the old one.</param>
/// <param name="IsAsciiAdded">Whether only octets of ASCII were added, as are those of ISO-2022-JP.</param>
/// <param name="HasLongLines">Whether a line was added that is longer than lines of mail may be.</param>
internal sealed record DisplayedText(ReadOnlySequence<byte> Content, string? NewCharset, bool IsAsciiAdded, bool HasLongLines)
{
    private static readonly string AsciiText = string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)) + "\r\n";

    private static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>Puts it before a plain text. One whose charset lacks a character of it is written in UTF-8.</summary>
    public static DisplayedText? InPlain(Entity leaf, string display)
    {
        var body = Decoded(leaf);
        var isAscii = Ascii.IsValid(display);
        if (IsLabelledAscii(leaf))
        {
            // 8-bit octets under this label are of a charset nobody named, which may have ASCII in it and nothing else for certain.
            return isAscii ? Insert(body, 0, Encoding.ASCII.GetBytes(display), null)
                : Ascii.IsValid(body.Span) ? Insert(body, 0, Encoding.UTF8.GetBytes(display), "utf-8")
                : null;
        }

        if (FindStrict(leaf) is not { } charset)
        {
            return null;
        }

        var start = body.Span.StartsWith(Utf8Mark) && charset is UTF8Encoding ? Utf8Mark.Length : 0;
        if (TryEncode(charset, display) is { } encoded)
        {
            return Insert(body, start, encoded, null);
        }

        // A text that is not in the charset it names would be changed for good in another one.
        return TryDecode(charset, body.Span) is { } text
            ? Insert(Encoding.UTF8.GetBytes(text), 0, Encoding.UTF8.GetBytes(display), "utf-8")
            : null;
    }

    /// <summary>Puts it into an HTML document.</summary>
    public static DisplayedText? InHtml(Entity leaf, string display)
    {
        if (!IsLabelledAscii(leaf) && FindStrict(leaf) is null)
        {
            return null;
        }

        var body = Decoded(leaf);
        return Insert(body, HtmlBody.FindStart(body.Span), Encoding.ASCII.GetBytes(display), null);
    }

    private static ReadOnlyMemory<byte> Decoded(Entity leaf) =>
        TransferDecoding.IsEncoding(leaf.TransferEncoding) ? leaf.DecodeBody() : leaf.Body;

    private static DisplayedText Insert(ReadOnlyMemory<byte> body, int place, byte[] display, string? newCharset)
    {
        var pieces = new BytePieces();
        pieces.Add(body[..place]);
        pieces.Add(display);
        pieces.Add(body[place..]);
        return new DisplayedText(pieces.ToSequence(), newCharset, Ascii.IsValid(display), HasLongLine(display));
    }

    private static bool IsLabelledAscii(Entity leaf) =>
        leaf.ContentType.Parameter("charset")?.Trim().ToLowerInvariant() is null or "" or "us-ascii" or "ascii";

    // Only charsets that have ASCII where ASCII has it: in any other, neither a line end nor a tag could be found by its octets.
    private static Encoding? FindStrict(Entity leaf)
    {
        if (Charsets.Find(leaf.ContentType.Parameter("charset") ?? string.Empty) is not { } found)
        {
            return null;
        }

        var strict = (Encoding)found.Clone();
        strict.EncoderFallback = EncoderFallback.ExceptionFallback;
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return TryEncode(strict, AsciiText) is { } encoded && encoded.AsSpan().SequenceEqual(Encoding.ASCII.GetBytes(AsciiText)) ? strict : null;
    }

    private static byte[]? TryEncode(Encoding charset, string text)
    {
        try
        {
            return charset.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }

    // Octets that a charset does not define become characters for private use, which mean nothing in another one.
    private static string? TryDecode(Encoding charset, ReadOnlySpan<byte> octets)
    {
        try
        {
            var text = charset.GetString(octets);
            return text.AsSpan().ContainsAnyInRange('\uE000', '\uF8FF') ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static bool HasLongLine(ReadOnlySpan<byte> lines)
    {
        foreach (var line in lines.Split("\r\n"u8))
        {
            if (lines[line].Length > TransitScan.MaxLineLength)
            {
                return true;
            }
        }

        return false;
    }
}
