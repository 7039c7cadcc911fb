using SmimeGateway.Cms;
using SmimeGateway.Mime;

namespace SmimeGateway.Deciding;

/// <summary>
/// Tells whether a message that says it is encrypted is: a header field is easily written, and what a rule wants encrypted must not leave
/// in plain text because of one.
/// </summary>
internal static class ExistingEncryption
{
    private static ReadOnlySpan<byte> PgpMessage => "-----BEGIN PGP MESSAGE-----"u8;

    public static bool IsReal(Entity message, ExistingProtection existing) => existing switch
    {
        ExistingProtection.Enveloped or ExistingProtection.AuthEnveloped =>
            Pkcs7Mime.TryRead(message, out var cms, out _) && EnvelopedData.TryRead(cms, out var enveloped, out _) && enveloped.Recipients.Count > 0,

        // RFC 3156 section 4: the second of two parts is the message, in armour.
        ExistingProtection.PgpEncrypted =>
            message.TryGetParts(out var parts, out _) && parts.Count == 2 && parts[1].DecodeBody().AsSpan().TrimStart("\r\n \t"u8).StartsWith(PgpMessage),
        _ => false,
    };
}
