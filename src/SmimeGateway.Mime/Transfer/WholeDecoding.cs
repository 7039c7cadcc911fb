using System.Buffers;
using System.Buffers.Text;

namespace SmimeGateway.Mime.Transfer;

/// <summary>
/// Undoes a transfer encoding where nothing readable is lost by it (RFC 2045 section 6): what a mail program shows of the octets as they
/// travel is in the result as well, and no text stands beside the encoding.
/// </summary>
internal static class WholeDecoding
{
    /// <summary>The decoded body; false where it holds what does not belong to the encoding, or an encoding nobody knows.</summary>
    public static bool TryDecode(string transferEncoding, ReadOnlyMemory<byte> body, out ReadOnlyMemory<byte> decoded)
    {
        decoded = body;
        switch (transferEncoding)
        {
            case "7bit" or "8bit" or "binary":
                return true;
            case "base64":
                return TryDecodeBase64(body.Span, out decoded);
            case "quoted-printable" when IsStrict(body.Span):
                decoded = QuotedPrintable.Decode(body.Span);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Decodes base64 that consists of its alphabet, blanks and line ends, and ends with its padding.</summary>
    public static bool TryDecodeBase64(ReadOnlySpan<byte> encoded, out ReadOnlyMemory<byte> decoded)
    {
        var octets = new byte[Base64.GetMaxDecodedFromUtf8Length(encoded.Length)];
        var isWhole = Base64.DecodeFromUtf8(encoded, octets, out var consumed, out var length) == OperationStatus.Done && consumed == encoded.Length;
        decoded = octets.AsMemory(0, length);
        return isWhole;
    }

    // Every "=" begins an escape or ends a line.
    private static bool IsStrict(ReadOnlySpan<byte> encoded)
    {
        while (encoded.IndexOf((byte)'=') is var escape and >= 0)
        {
            encoded = encoded[(escape + 1)..];
            if (encoded.Length >= 2 && QuotedPrintable.TryReadHex(encoded[0], encoded[1], out _))
            {
                continue;
            }

            if (!(encoded.TrimStart(" \t"u8) is var rest && (rest.IsEmpty || rest.StartsWith("\r\n"u8) || rest.StartsWith("\n"u8))))
            {
                return false;
            }
        }

        return true;
    }
}
