using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>The public key of a certificate; any number of threads may verify with it.</summary>
internal sealed class VerificationKey : IDisposable
{
    private readonly AsymmetricAlgorithm _key;

    private VerificationKey(AsymmetricAlgorithm key) => _key = key;

    /// <summary>Takes the key out of the certificate; null with a fault if it is unreadable or of an unknown kind.</summary>
    public static VerificationKey? Find(X509Certificate2 certificate, out CmsFault? fault)
    {
        try
        {
            fault = IsSupported(certificate)
                ? null
                : new CmsFault(
                    CmsFaultKind.UnsupportedAlgorithm, $"The key algorithm {certificate.PublicKey.Oid.Value} is not supported.");
            return fault is null ? new VerificationKey(GetKey(certificate)) : null;
        }
        catch (CryptographicException)
        {
            fault = new CmsFault(
                CmsFaultKind.SignerCertificateUnreadable, "The public key of the signer's certificate cannot be read.");
            return null;
        }
    }

    /// <summary>Whether the signature over the digest is this key's; null if it is.</summary>
    public CmsFault? Verify(
        SignatureAlgorithm algorithm, DigestAlgorithm digestAlgorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        try
        {
            var verified = (algorithm.Kind, _key) switch
            {
                (SignatureKind.RsaPkcs1, RSA rsa) =>
                    rsa.VerifyHash(digest, signature, digestAlgorithm.Hash, RSASignaturePadding.Pkcs1),
                (SignatureKind.RsaPss, RSA rsa) =>
                    rsa.VerifyHash(digest, signature, digestAlgorithm.Hash, RSASignaturePadding.Pss),
                (SignatureKind.Ecdsa, ECDsa ecdsa) =>
                    ecdsa.VerifyHash(digest, signature, DSASignatureFormat.Rfc3279DerSequence),
                (SignatureKind.Dsa, DSA dsa) =>
                    dsa.VerifySignature(digest, signature, DSASignatureFormat.Rfc3279DerSequence),
                _ => (bool?)null,
            };
            return verified switch
            {
                true => null,
                false => new CmsFault(CmsFaultKind.SignatureMismatch, "The signature was not made by the signer's key over this message."),
                null => new CmsFault(CmsFaultKind.AlgorithmMismatch, $"The signer's key cannot make {algorithm.Name} signatures."),
            };
        }
        catch (CryptographicException)
        {
            // OpenSSL refuses some keys (too short for the digest, absurd parameters) only when they are used.
            return new CmsFault(CmsFaultKind.SignatureMismatch, "The signature cannot be checked with the signer's key.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static bool IsSupported(X509Certificate2 certificate) =>
        certificate.PublicKey.Oid.Value is Oids.RsaEncryption or Oids.RsaPss or Oids.EcPublicKey or Oids.Dsa;

    private static AsymmetricAlgorithm GetKey(X509Certificate2 certificate)
    {
        AsymmetricAlgorithm? key = certificate.PublicKey.Oid.Value switch
        {
            Oids.RsaPss => ReadPssKey(certificate.PublicKey),
            Oids.EcPublicKey => certificate.GetECDsaPublicKey(),
            Oids.Dsa => certificate.GetDSAPublicKey(),
            _ => certificate.GetRSAPublicKey(),
        };
        return key ?? throw new CryptographicException("The certificate has no key of the kind it names.");
    }

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
