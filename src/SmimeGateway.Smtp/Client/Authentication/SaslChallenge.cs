using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace SmimeGateway.Smtp.Client.Authentication;

/// <summary>The base64 of challenges (RFC 4954 section 4): no blanks, no other alphabet, padding at the end only.</summary>
internal static class SaslChallenge
{
    /// <exception cref="SaslException">It is no base64.</exception>
    public static byte[] Decode(string challenge)
    {
        var text = Encoding.UTF8.GetBytes(challenge);
        var octets = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        return !text.AsSpan().ContainsAny(" \t\r\n"u8)
            && Base64.DecodeFromUtf8(text, octets, out _, out var length) == OperationStatus.Done
            ? octets[..length]
            : throw new SaslException("the server's challenge is not base64");
    }
}
