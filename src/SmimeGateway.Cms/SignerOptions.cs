using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Cms;

/// <summary>How a <see cref="Signer"/> signs and what it sends along.</summary>
public sealed record SignerOptions
{
    /// <summary>Digest of the content and of the signed attributes: SHA-1, SHA-256, SHA-384 or SHA-512.</summary>
    public HashAlgorithmName Digest { get; init; } = HashAlgorithmName.SHA256;

    /// <summary>Padding of RSA signatures.</summary>
    public SignaturePadding Padding { get; init; } = SignaturePadding.Pkcs1;

    /// <summary>
    /// A second certificate of the same person, with another kind of key, that signs the same content in a signature of its own; null for one alone.
    /// Who does not know its kind may refuse the whole, though the first is good.
    /// </summary>
    public CmsIdentity? Also { get; init; }

    /// <summary>Certificates sent along besides the signer's own.</summary>
    public IReadOnlyList<X509Certificate2> Chain { get; init; } = [];

    /// <summary>Whether the signer's own certificate is sent along; recipients without it cannot verify.</summary>
    public bool IncludeSignerCertificate { get; init; } = true;

    /// <summary>The certificate that answers are to be encrypted to; null means the signer's own, if it allows encryption.</summary>
    public X509Certificate2? EncryptionCertificate { get; init; }

    /// <summary>What this side is announced to read (RFC 8551 section 2.5.2); null announces nothing.</summary>
    public SmimeCapabilities? Capabilities { get; init; } = SmimeCapabilities.ReadByAll;
}

/// <summary>How an RSA signature is padded; elliptic-curve keys have no padding and ignore it.</summary>
public enum SignaturePadding
{
    /// <summary>RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2), read by everybody.</summary>
    Pkcs1,

    /// <summary>RSASSA-PSS with MGF1 over the same digest and a salt of the digest's length (RFC 4056).</summary>
    Pss,
}
