using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates;
using SmimeGateway.Cms;
using SmimeGateway.Deciding;

namespace SmimeGateway.Locating;

/// <summary>
/// Keeps one prepared signer for each way of signing and certificate. What of a signature is the same in every message is encoded only
/// once; nothing reads a key store while a message waits.
/// </summary>
internal sealed class SignerCache(SmimeCapabilities announced)
{
    // Keyed by the identity of the options and of the certificate, both of which a reload makes anew: a signer never outlives its rule
    // or serves a certificate that was replaced.
    private readonly ConcurrentDictionary<Key, Signer> _signers = new();

    public Signer GetSigner(SignOptions sign, OwnCertificate certificate, OwnCertificate? encryption) =>
        _signers.GetOrAdd(new Key(sign, certificate, encryption), key => Prepare(key.Sign, key.Certificate, key.Encryption));

    private Signer Prepare(SignOptions sign, OwnCertificate certificate, OwnCertificate? encryption) =>
        new(certificate.Certificate, new SignerOptions
        {
            Digest = ToHash(sign.Digest),
            Padding = sign.Padding == RsaPadding.Pss ? SignaturePadding.Pss : SignaturePadding.Pkcs1,
            Chain = SelectChain(sign.Chain, certificate.Chain),
            EncryptionCertificate = sign.IncludeEncryptionCertificate ? encryption?.Certificate : null,
            Capabilities = sign.Capabilities ? announced : null,
        });

    private static IReadOnlyList<X509Certificate2> SelectChain(ChainInclusion inclusion, IReadOnlyList<X509Certificate2> chain) => inclusion switch
    {
        ChainInclusion.None => [],
        ChainInclusion.All => chain,
        _ => [.. chain.Where(issuer => !issuer.SubjectName.RawData.AsSpan().SequenceEqual(issuer.IssuerName.RawData))],
    };

    private static HashAlgorithmName ToHash(SignatureDigest digest) => digest switch
    {
        SignatureDigest.Sha1 => HashAlgorithmName.SHA1,
        SignatureDigest.Sha384 => HashAlgorithmName.SHA384,
        SignatureDigest.Sha512 => HashAlgorithmName.SHA512,
        _ => HashAlgorithmName.SHA256,
    };

    private readonly struct Key(SignOptions sign, OwnCertificate certificate, OwnCertificate? encryption) : IEquatable<Key>
    {
        public SignOptions Sign { get; } = sign;

        public OwnCertificate Certificate { get; } = certificate;

        public OwnCertificate? Encryption { get; } = encryption;

        public bool Equals(Key other) =>
            ReferenceEquals(Sign, other.Sign) && ReferenceEquals(Certificate, other.Certificate) && ReferenceEquals(Encryption, other.Encryption);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(
            System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Sign),
            System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Certificate));
    }
}
