using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace SmimeGateway.Smtp.Sasl;

/// <summary>The base64 in which SMTP carries challenges and responses (RFC 4954 section 4).</summary>
internal static class SaslText
{
    // The framework would pass over blanks, which have no place here.
    private static readonly SearchValues<byte> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);

    /// <summary>Decodes a line; the empty line is the empty response.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, [NotNullWhen(true)] out byte[]? octets)
    {
        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        octets = null;
        if (text.ContainsAnyExcept(Alphabet)
            || Base64.DecodeFromUtf8(text, decoded, out var consumed, out var written) != OperationStatus.Done
            || consumed != text.Length)
        {
            return false;
        }

        octets = decoded[..written];
        return true;
    }
}
