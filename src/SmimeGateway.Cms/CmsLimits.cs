namespace SmimeGateway.Cms;

/// <summary>What a foreign CMS object may ask of its reader; beyond it reading ends with <see cref="CmsFaultKind.LimitExceeded"/>.</summary>
/// <param name="MaxSigners">Signers in one object; each costs a public-key operation.</param>
/// <param name="MaxCertificates">Certificates in one object.</param>
/// <param name="MaxCertificateBytes">Size of one certificate.</param>
/// <param name="MaxAttributes">Signed attributes of one signer, or authenticated ones of one object.</param>
/// <param name="MaxAttributeBytes">Size of all of them.</param>
/// <param name="MaxDepth">Nesting within the signed or authenticated attributes, which are rewritten as DER.</param>
/// <param name="MaxRecipients">Recipients of one encrypted object.</param>
/// <param name="MaxKeyAttempts">Encrypted keys of one object that are tried; each costs a private-key operation and, at worst, a pass over the content.</param>
public sealed record CmsLimits(
    int MaxSigners = 32,
    int MaxCertificates = 1_000,
    int MaxCertificateBytes = 65_536,
    int MaxAttributes = 100,
    int MaxAttributeBytes = 262_144,
    int MaxDepth = 32,
    int MaxRecipients = 5_000,
    int MaxKeyAttempts = 8)
{
    /// <summary>Limits that every producer of mail known to us stays far below.</summary>
    public static CmsLimits Standard { get; } = new();
}
