using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.ProtectedForms;

/// <summary>Tells the kinds of application/pkcs7-mime apart (RFC 8551 section 3.2.2).</summary>
internal static class SmimeTypes
{
    // Enough to hold the outer length and the object identifier of every CMS object, in any encoding of lengths.
    private const int SniffedOctets = 48;

    // The object identifiers of RFC 5652, RFC 5083 and RFC 3274 in DER: 1.2.840.113549.1.7.x and 1.2.840.113549.1.9.16.1.x.
    private static ReadOnlySpan<byte> SignedData => [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];

    private static ReadOnlySpan<byte> EnvelopedData => [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x03];

    private static ReadOnlySpan<byte> AuthEnvelopedData => [0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x17];

    private static ReadOnlySpan<byte> CompressedData => [0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x09];

    /// <summary>Whether the entity is a CMS object: by its type, or by its file name where the type was lost on the way.</summary>
    public static bool IsPkcs7Mime(Entity entity) => entity.ContentType.MediaType switch
    {
        "application/pkcs7-mime" or "application/x-pkcs7-mime" => true,
        "application/octet-stream" => IsCmsName(entity.FileName),
        _ => false,
    };

    /// <summary>The kind that the smime-type parameter names, else the one that the content begins with.</summary>
    public static ExistingProtection Kind(Entity entity) => entity.ContentType.Parameter("smime-type")?.ToLowerInvariant() switch
    {
        "signed-data" or "signed-receipt" => ExistingProtection.OpaqueSigned,
        "enveloped-data" => ExistingProtection.Enveloped,
        "authenveloped-data" => ExistingProtection.AuthEnveloped,
        "compressed-data" => ExistingProtection.Compressed,
        "certs-only" => ExistingProtection.CertificatesOnly,
        _ => HasSuffix(entity.FileName, ".p7c") ? ExistingProtection.CertificatesOnly : Sniff(entity),
    };

    /// <summary>Whether the content begins like a CMS object, whatever the entity calls it.</summary>
    public static bool BeginsLikeCms(Entity entity) => Sniff(entity) != ExistingProtection.UnknownSmime;

    private static bool IsCmsName(string? name) => HasSuffix(name, ".p7m") || HasSuffix(name, ".p7c") || HasSuffix(name, ".p7z");

    private static bool HasSuffix(string? name, string suffix) => name?.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) == true;

    private static ExistingProtection Sniff(Entity entity)
    {
        var body = entity.Body.Span;
        var head = body[..Math.Min(body.Length, SniffedOctets * 4)];
        var decoded = TransferDecoding.Decode(entity.TransferEncoding, head);
        ReadOnlySpan<byte> start = decoded.AsSpan(0, Math.Min(decoded.Length, SniffedOctets));
        if (start.IndexOf(SignedData) >= 0)
        {
            return ExistingProtection.OpaqueSigned;
        }

        if (start.IndexOf(EnvelopedData) >= 0)
        {
            return ExistingProtection.Enveloped;
        }

        if (start.IndexOf(AuthEnvelopedData) >= 0)
        {
            return ExistingProtection.AuthEnveloped;
        }

        return start.IndexOf(CompressedData) >= 0
            ? ExistingProtection.Compressed
            : ExistingProtection.UnknownSmime;
    }
}
