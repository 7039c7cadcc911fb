using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms.Modern;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>
/// A private key that signs. One instance serves all threads: the framework's keys on OpenSSL hold no state between
/// operations, and two threads on one RSA key were measured to sign twice as fast as one, so there is no pool of copies (which
/// would be impossible anyway for keys in hardware).
/// </summary>
internal abstract class SigningKey : IDisposable
{
    /// <summary>Policies know least lengths, and none above this; making longer keys takes seconds.</summary>
    private const int LongestSpare = 3072;

    /// <summary>The digest of the content that goes with the signatures, in the signed attributes.</summary>
    public abstract DigestAlgorithm Digest { get; }

    /// <summary>The length of the longest signature this key makes.</summary>
    public abstract int MaxSignatureLength { get; }

    /// <summary>The DER of the algorithm identifier that goes with the signatures.</summary>
    public abstract byte[] AlgorithmIdentifier { get; }

    /// <summary>The private key of the certificate; throws if there is none, or not of a kind that signs mail.</summary>
    /// <param name="identity">The certificate with its key.</param>
    /// <param name="digest">The digest that is asked for, for kinds of keys that leave a choice.</param>
    /// <param name="padding">The padding of RSA.</param>
    public static SigningKey From(CmsIdentity identity, DigestAlgorithm digest, SignaturePadding padding)
    {
        if (!identity.HasPrivateKey)
        {
            throw new ArgumentException("The certificate has no private key.", nameof(identity));
        }

        if (identity.IsDetached)
        {
            return FromDetached(identity, digest);
        }

        var certificate = identity.Certificate;
        if (certificate.GetRSAPrivateKey() is { } rsa)
        {
            return new RsaSigningKey(rsa, digest, padding);
        }

        if (certificate.GetECDsaPrivateKey() is { } ecdsa)
        {
            return new EcdsaSigningKey(ecdsa, digest);
        }

        throw new ArgumentException("Keys of its kind sign no mail.", nameof(identity));
    }

    /// <summary>True when another key of the same kind and length, made for the question, makes a good signature of the kind that is asked for.</summary>
    public static bool CanAnotherOfItsKind(X509Certificate2 certificate, DigestAlgorithm digest, SignaturePadding padding)
    {
        try
        {
            var hash = new byte[digest.Length];
            using var rsa = certificate.GetRSAPublicKey();
            if (rsa is not null)
            {
                var mode = padding == SignaturePadding.Pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
                using var spare = RSA.Create(Math.Min((rsa.KeySize + 7) / 8 * 8, LongestSpare));
                return spare.VerifyHash(hash, spare.SignHash(hash, digest.Hash, mode), digest.Hash, mode);
            }

            using var elliptic = certificate.GetECDsaPublicKey();
            using var other = elliptic is null ? null : ECDsa.Create(elliptic.ExportParameters(includePrivateParameters: false).Curve);
            return other is null || other.VerifyHash(hash, other.SignHash(hash));
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Why the key cannot make signatures of the asked kind at all, in a sentence, or null.</summary>
    public virtual string? FindUnfitness() => null;

    /// <summary>Signs a message into the destination and returns the length of the signature.</summary>
    public abstract int Sign(ReadOnlySpan<byte> message, Span<byte> destination);

    /// <inheritdoc/>
    public abstract void Dispose();

    private static SigningKey FromDetached(CmsIdentity identity, DigestAlgorithm digest) => identity.Certificate.PublicKey.Oid.Value switch
    {
        Oids.Ed25519 or Oids.Ed448 => new EdwardsSigningKey(identity),
        Oids.MlDsa44 or Oids.MlDsa65 or Oids.MlDsa87 => new MlDsaSigningKey(identity),
        Oids.RsaPss => RsaSigningKey.OfRestricted(identity, digest),
        _ => throw new ArgumentException("Keys of its kind sign no mail.", nameof(identity)),
    };
}
