using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms.Modern;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>The public key of a certificate; any number of threads may verify with it.</summary>
internal abstract class VerificationKey : IDisposable
{
    /// <summary>Takes the key out of the certificate; null with a fault if it is unreadable or of an unknown kind.</summary>
    public static VerificationKey? Find(X509Certificate2 certificate, out CmsFault? fault)
    {
        try
        {
            fault = null;
            switch (certificate.PublicKey.Oid.Value)
            {
                case Oids.RsaEncryption or Oids.RsaPss or Oids.EcPublicKey or Oids.Dsa:
                    return FrameworkVerificationKey.Of(certificate);
                case Oids.Ed25519 or Oids.Ed448:
                    return EdwardsVerificationKey.Of(certificate);
                case Oids.MlDsa44 or Oids.MlDsa65 or Oids.MlDsa87:
                    return MlDsaVerificationKey.Of(certificate);
                case var oid:
                    fault = new CmsFault(CmsFaultKind.UnsupportedAlgorithm, $"The key algorithm {oid} is not supported.");
                    return null;
            }
        }
        catch (CryptographicException)
        {
            fault = new CmsFault(
                CmsFaultKind.SignerCertificateUnreadable, "The public key of the signer's certificate cannot be read.");
            return null;
        }
    }

    /// <summary>Whether the signature over the message is this key's; null if it is.</summary>
    public CmsFault? Verify(
        SignatureAlgorithm algorithm, DigestAlgorithm digest, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        try
        {
            return Judge(algorithm, IsGood(algorithm, digest, message, signature));
        }
        catch (CryptographicException)
        {
            return Uncheckable();
        }
    }

    /// <summary>As the other, for a message in pieces.</summary>
    public CmsFault? Verify(
        SignatureAlgorithm algorithm, DigestAlgorithm digest, in ReadOnlySequence<byte> message, ReadOnlySpan<byte> signature)
    {
        if (message.IsSingleSegment)
        {
            return Verify(algorithm, digest, message.FirstSpan, signature);
        }

        try
        {
            return Judge(algorithm, IsGood(algorithm, digest, message, signature));
        }
        catch (CryptographicException)
        {
            return Uncheckable();
        }
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Whether the signature over the message is this key's; null if the key makes none of the kind.</summary>
    /// <exception cref="CryptographicException">The key cannot be used.</exception>
    protected abstract bool? IsGood(
        SignatureAlgorithm algorithm, DigestAlgorithm digest, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);

    /// <summary>As the other, for a message in pieces.</summary>
    /// <exception cref="CryptographicException">The key cannot be used.</exception>
    protected virtual bool? IsGood(
        SignatureAlgorithm algorithm, DigestAlgorithm digest, in ReadOnlySequence<byte> message, ReadOnlySpan<byte> signature) =>
        IsGood(algorithm, digest, message.ToArray(), signature);

    private static CmsFault? Judge(SignatureAlgorithm algorithm, bool? isGood) => isGood switch
    {
        true => null,
        false => new CmsFault(CmsFaultKind.SignatureMismatch, "The signature was not made by the signer's key over this message."),
        null => new CmsFault(CmsFaultKind.AlgorithmMismatch, $"The signer's key cannot make {algorithm.Name} signatures."),
    };

    // OpenSSL refuses some keys (too short for the digest, absurd parameters) only when they are used.
    private static CmsFault Uncheckable() =>
        new(CmsFaultKind.SignatureMismatch, "The signature cannot be checked with the signer's key.");
}
