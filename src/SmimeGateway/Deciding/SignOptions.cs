using System.ComponentModel.DataAnnotations;

namespace SmimeGateway.Deciding;

/// <summary>How a rule signs.</summary>
/// <example>
/// <code>
/// {
///   "with": ["office", "local"], "choose": "bySender", "form": "clear", "digest": "sha256", "padding": "pkcs1",
///   "chain": "withoutRoot", "includeEncryptionCertificate": true, "capabilities": true, "protectHeaders": false,
///   "whenMissing": "pass"
/// }
/// </code>
/// </example>
public sealed record SignOptions
{
    /// <summary>The names of the entries of certificates.own to sign with, asked in this order.</summary>
    [Notation(Notation.Name)]
    [MinLength(1)]
    public required IReadOnlyList<string> With { get; init; }

    /// <summary>Which certificate signs: the sender's own, or the same one for everybody.</summary>
    public CertificateSelection Choose { get; init; } = CertificateSelection.OfSender;

    /// <summary>The shape of the signed message.</summary>
    public SignatureForm Form { get; init; }

    /// <summary>The digest algorithm. sha1 is for partners who read nothing else, and warned about.</summary>
    public SignatureDigest Digest { get; init; } = SignatureDigest.Sha256;

    /// <summary>The padding of RSA signatures; elliptic curves have none.</summary>
    public RsaPadding Padding { get; init; }

    /// <summary>Which issuers of the certificate are sent along.</summary>
    public ChainInclusion Chain { get; init; } = ChainInclusion.WithoutRoot;

    /// <summary>Whether the sender's certificate for encryption, where it is another one, is sent along and announced as preferred.</summary>
    public bool IncludeEncryptionCertificate { get; init; } = true;

    /// <summary>Whether the signature tells what we read: encryption.announce.</summary>
    public bool Capabilities { get; init; } = true;

    /// <summary>Whether the header fields are signed too (RFC 9788): the signed content gets copies of them, which clients compare.</summary>
    public bool ProtectHeaders { get; init; }

    /// <summary>What happens when there is no usable certificate.</summary>
    public WhenCertificateMissing WhenMissing { get; init; }
}
