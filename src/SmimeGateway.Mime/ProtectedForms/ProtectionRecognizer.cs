namespace SmimeGateway.Mime.ProtectedForms;

/// <summary>Recognises S/MIME and OpenPGP protection that a message already has.</summary>
public static class ProtectionRecognizer
{
    /// <summary>The outermost protection. Where the tree of parts exceeds a limit, what the header says is all that counts.</summary>
    public static ExistingProtection Recognize(Entity message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (SmimeTypes.IsPkcs7Mime(message))
        {
            return SmimeTypes.Kind(message);
        }

        return message.ContentType.MediaType switch
        {
            "multipart/signed" => KindOfSigned(message),
            "multipart/encrypted" when ProtocolOf(message).EndsWith("pgp-encrypted", StringComparison.Ordinal) => ExistingProtection.PgpEncrypted,
            "multipart/encrypted" => ExistingProtection.None,
            _ => PgpArmour.IsIn(message) ? ExistingProtection.PgpInline : ExistingProtection.None,
        };
    }

    private static ExistingProtection KindOfSigned(Entity message)
    {
        var protocol = ProtocolOf(message);
        // The protocol parameter must be there (RFC 1847 section 2.1); where it is not, the type of the signature tells the same.
        if (protocol.Length == 0 && message.TryGetParts(out var parts, out _) && parts.Count > 1)
        {
            protocol = parts[1].ContentType.MediaType;
        }

        return protocol switch
        {
            "application/pkcs7-signature" or "application/x-pkcs7-signature" => ExistingProtection.ClearSigned,
            "application/pgp-signature" => ExistingProtection.PgpSigned,
            _ => ExistingProtection.None,
        };
    }

    private static string ProtocolOf(Entity message) => message.ContentType.Parameter("protocol")?.Trim().ToLowerInvariant() ?? string.Empty;
}
