using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms.Modern;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>An RSA, elliptic or DSA key, with which the framework verifies.</summary>
internal sealed class FrameworkVerificationKey : VerificationKey
{
    private readonly AsymmetricAlgorithm _key;
    private readonly bool _isPssAlone;
    private readonly PssParameters? _restriction;

    private FrameworkVerificationKey(AsymmetricAlgorithm key, bool isPssAlone, PssParameters? restriction)
    {
        _key = key;
        _isPssAlone = isPssAlone;
        _restriction = restriction;
    }

    /// <summary>Takes the key out of the certificate.</summary>
    /// <exception cref="CryptographicException">It is malformed.</exception>
    public static FrameworkVerificationKey Of(X509Certificate2 certificate)
    {
        var isPssAlone = certificate.PublicKey.Oid.Value == Oids.RsaPss;
        var restriction = isPssAlone ? PssParameters.ReadRestriction(certificate) : null;
        AsymmetricAlgorithm? key = certificate.PublicKey.Oid.Value switch
        {
            Oids.RsaPss => RareRsa.ReadPublicKey(certificate.GetPublicKey()),
            Oids.EcPublicKey => certificate.GetECDsaPublicKey(),
            Oids.Dsa => certificate.GetDSAPublicKey(),
            _ => certificate.GetRSAPublicKey(),
        };
        return new FrameworkVerificationKey(
            key ?? throw new CryptographicException("The certificate has no key of the kind it names."), isPssAlone, restriction);
    }

    /// <inheritdoc/>
    public override void Dispose() => _key.Dispose();

    /// <inheritdoc/>
    protected override bool? IsGood(
        SignatureAlgorithm algorithm, DigestAlgorithm digest, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Span<byte> computed = stackalloc byte[DigestAlgorithm.MaxLength];
        return IsGoodOver(algorithm, digest, digest.Compute(message, computed), signature);
    }

    /// <inheritdoc/>
    protected override bool? IsGood(
        SignatureAlgorithm algorithm, DigestAlgorithm digest, in ReadOnlySequence<byte> message, ReadOnlySpan<byte> signature)
    {
        Span<byte> computed = stackalloc byte[DigestAlgorithm.MaxLength];
        return IsGoodOver(algorithm, digest, digest.Compute(message, computed), signature);
    }

    private bool? IsGoodOver(
        SignatureAlgorithm algorithm, DigestAlgorithm digestAlgorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature) =>
        (algorithm.Kind, _key) switch
        {
            (SignatureKind.RsaPkcs1, RSA rsa) when !_isPssAlone => rsa.VerifyHash(digest, signature, digestAlgorithm.Hash, RSASignaturePadding.Pkcs1),
            (SignatureKind.RsaPss, RSA rsa) => IsGoodPss(rsa, algorithm.Pss!, digestAlgorithm, digest, signature),
            (SignatureKind.Ecdsa, ECDsa ecdsa) => ecdsa.VerifyHash(digest, signature, DSASignatureFormat.Rfc3279DerSequence),
            (SignatureKind.Dsa, DSA dsa) => dsa.VerifySignature(digest, signature, DSASignatureFormat.Rfc3279DerSequence),
            _ => null,
        };

    private bool? IsGoodPss(
        RSA rsa, PssParameters pss, DigestAlgorithm digestAlgorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature) =>
        _restriction?.Allow(pss) == false ? null
            : pss.AreOrdinaryFor(digestAlgorithm)
                ? rsa.VerifyHash(digest, signature, digestAlgorithm.Hash, RSASignaturePadding.Pss)
                : RareRsa.IsGoodPss(rsa, digestAlgorithm, pss, digest.ToArray(), signature.ToArray());
}
