using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>An RSA, elliptic or DSA key, with which the framework verifies.</summary>
internal sealed class FrameworkVerificationKey : VerificationKey
{
    private readonly AsymmetricAlgorithm _key;

    private FrameworkVerificationKey(AsymmetricAlgorithm key) => _key = key;

    /// <summary>Takes the key out of the certificate.</summary>
    /// <exception cref="CryptographicException">It is malformed.</exception>
    public static FrameworkVerificationKey Of(X509Certificate2 certificate)
    {
        AsymmetricAlgorithm? key = certificate.PublicKey.Oid.Value switch
        {
            Oids.RsaPss => ReadPssKey(certificate.PublicKey),
            Oids.EcPublicKey => certificate.GetECDsaPublicKey(),
            Oids.Dsa => certificate.GetDSAPublicKey(),
            _ => certificate.GetRSAPublicKey(),
        };
        return new FrameworkVerificationKey(key ?? throw new CryptographicException("The certificate has no key of the kind it names."));
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
            (SignatureKind.RsaPkcs1, RSA rsa) => rsa.VerifyHash(digest, signature, digestAlgorithm.Hash, RSASignaturePadding.Pkcs1),
            (SignatureKind.RsaPss, RSA rsa) => rsa.VerifyHash(digest, signature, digestAlgorithm.Hash, RSASignaturePadding.Pss),
            (SignatureKind.Ecdsa, ECDsa ecdsa) => ecdsa.VerifyHash(digest, signature, DSASignatureFormat.Rfc3279DerSequence),
            (SignatureKind.Dsa, DSA dsa) => dsa.VerifySignature(digest, signature, DSASignatureFormat.Rfc3279DerSequence),
            _ => null,
        };

    // The framework has no reader for keys that are restricted to PSS, though the key itself is an ordinary RSA key.
    private static RSA ReadPssKey(PublicKey key)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportRSAPublicKey(key.EncodedKeyValue.RawData, out _);
            return rsa;
        }
        catch (CryptographicException)
        {
            rsa.Dispose();
            throw;
        }
    }
}
