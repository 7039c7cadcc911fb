using System.ComponentModel.DataAnnotations;
using SmimeGateway.Settings;

namespace SmimeGateway.Deciding.Options;

/// <summary>How a rule signs.</summary>
/// <example>
/// <code>
/// {
///   "with": ["office", "local"], "choose": "bySender", "form": "clear", "digest": "sha256", "padding": "pkcs1", "also": "none",
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

    /// <summary>
    /// A second signature beside the first, from the same sources: for partners who read it. Many programs refuse a message whose second signature they
    /// do not know, though the first is good.
    /// </summary>
    public SecondSignature Also { get; init; }

    /// <summary>Which issuers of the certificate are sent along.</summary>
    public ChainInclusion Chain { get; init; } = ChainInclusion.WithoutRoot;

    /// <summary>Whether the sender's certificate for encryption, where it is another one, is sent along and announced as preferred.</summary>
    public bool IncludeEncryptionCertificate { get; init; } = true;

    /// <summary>Whether the signature tells what we read: encryption.announce.</summary>
    public bool Capabilities { get; init; } = true;

    /// <summary>Whether the header fields are signed too (RFC 9788): the signed content gets copies of them, which clients compare.</summary>
    public bool ProtectHeaders { get; init; }

    /// <summary>What happens when there is no usable certificate, or none for the second signature.</summary>
    public WhenCertificateMissing WhenMissing { get; init; }
}

/// <summary>The shape of a signed message.</summary>
public enum SignatureForm
{
    /// <summary>multipart/signed: readable by clients without S/MIME too. Opaque instead where the content would not arrive as it is, which the log tells.</summary>
    Clear,

    /// <summary>application/pkcs7-mime: the content lies inside the signature, safe from changes in transit.</summary>
    Opaque,
}

/// <summary>The digest algorithm of a signature.</summary>
public enum SignatureDigest
{
    /// <summary>SHA-1; only for partners who read nothing else.</summary>
    Sha1,

    /// <summary>SHA-256.</summary>
    Sha256,

    /// <summary>SHA-384.</summary>
    Sha384,

    /// <summary>SHA-512.</summary>
    Sha512,
}

/// <summary>The padding of an RSA signature.</summary>
public enum RsaPadding
{
    /// <summary>PKCS #1 v1.5, which everybody reads.</summary>
    Pkcs1,

    /// <summary>PSS, with the digest's length as salt.</summary>
    Pss,
}

/// <summary>A second signature over the same content, by another certificate of the same person.</summary>
public enum SecondSignature
{
    /// <summary>None: one signature, which everybody reads.</summary>
    None,

    /// <summary>One of an ML-DSA certificate (RFC 9882), which no quantum computer forges.</summary>
    MlDsa,
}

/// <summary>Which issuers of the signer's certificate are sent along.</summary>
public enum ChainInclusion
{
    /// <summary>None: the signer's certificate alone.</summary>
    None,

    /// <summary>The intermediate authorities.</summary>
    WithoutRoot,

    /// <summary>The intermediate authorities and the root.</summary>
    All,
}

/// <summary>What happens to a message that a rule wants signed when there is no usable certificate.</summary>
public enum WhenCertificateMissing
{
    /// <summary>It is relayed unsigned, or with the first signature alone where the second cannot be made, and the log says why.</summary>
    Pass,

    /// <summary>It is refused with 550 5.7.5.</summary>
    Reject,

    /// <summary>It is deferred with 451, so that the client tries again.</summary>
    Defer,
}

/// <summary>
/// Which certificate signs: "bySender" is the one of the author recipients see; an object names one certificate for everybody, by its
/// thumbprint or by the address it belongs to. Exactly one of the keys is given.
/// </summary>
/// <example>
/// <code>
/// { "thumbprint": "0F1E2D3C4B5A69788796A5B4C3D2E1F00F1E2D3C" }
/// { "address": "office@example.com" }
/// </code>
/// </example>
public sealed record CertificateSelection
{
    /// <summary>The certificate of the author recipients see.</summary>
    public static CertificateSelection OfSender { get; } = new();

    /// <summary>The SHA-1 fingerprint of the certificate, in capital hexadecimal digits without separators once loaded.</summary>
    [Notation(Notation.Thumbprint)]
    public string? Thumbprint { get; init; }

    /// <summary>The address the certificate belongs to.</summary>
    [Notation(Notation.Address)]
    public string? Address { get; init; }

    /// <summary>True when the certificate is that of the author recipients see.</summary>
    public bool IsBySender => Thumbprint is null && Address is null;
}
