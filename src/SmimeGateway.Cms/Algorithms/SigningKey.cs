using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>
/// A private key that signs digests. One instance serves all threads: the framework's keys on OpenSSL hold no state between
/// operations, and two threads on one RSA key were measured to sign twice as fast as one, so there is no pool of copies (which
/// would be impossible anyway for keys in hardware).
/// </summary>
internal abstract class SigningKey : IDisposable
{
    /// <summary>The length of the longest signature this key makes.</summary>
    public abstract int MaxSignatureLength { get; }

    /// <summary>The DER of the algorithm identifier that goes with the signatures.</summary>
    public abstract byte[] AlgorithmIdentifier { get; }

    /// <summary>The private key of the certificate; throws if there is none, or not of a kind that signs mail.</summary>
    public static SigningKey From(X509Certificate2 certificate, DigestAlgorithm digest, SignaturePadding padding)
    {
        if (!certificate.HasPrivateKey)
        {
            throw new ArgumentException("The certificate has no private key.", nameof(certificate));
        }

        if (certificate.GetRSAPrivateKey() is { } rsa)
        {
            return new RsaSigningKey(rsa, digest, padding);
        }

        if (certificate.GetECDsaPrivateKey() is { } ecdsa)
        {
            return new EcdsaSigningKey(ecdsa, digest);
        }

        throw new ArgumentException("Only RSA and elliptic-curve keys sign.", nameof(certificate));
    }

    /// <summary>Why the key cannot make signatures of the asked kind at all, in a sentence, or null.</summary>
    public virtual string? FindUnfitness() => null;

    /// <summary>Signs a digest into the destination and returns the length of the signature.</summary>
    public abstract int Sign(ReadOnlySpan<byte> digest, Span<byte> destination);

    /// <inheritdoc/>
    public abstract void Dispose();
}
