using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeGateway.Cms.Algorithms.Modern;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>An RSA key, signing with PKCS#1 v1.5 or PSS padding.</summary>
internal sealed class RsaSigningKey(RSA key, DigestAlgorithm digest, SignaturePadding padding) : SigningKey
{
    private readonly RSASignaturePadding _padding =
        padding == SignaturePadding.Pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;

    /// <summary>Takes a key beside its certificate that makes nothing but PSS, with the digest it is restricted to if it is.</summary>
    /// <exception cref="CryptographicException">It is malformed.</exception>
    /// <exception cref="ArgumentException">It is restricted to what is not made here.</exception>
    public static RsaSigningKey OfRestricted(CmsIdentity identity, DigestAlgorithm digest)
    {
        var restriction = PssParameters.ReadRestriction(identity.Certificate);
        var own = restriction is null ? digest : DigestAlgorithm.FindByOid(restriction.DigestOid);
        if (own is null || own.IsExtendable || restriction?.Allow(new PssParameters(own.Oid, own.Oid, own.Length)) == false)
        {
            throw new ArgumentException("Its key is restricted to RSA-PSS with another mask digest or a longer salt than its digest.", nameof(identity));
        }

#pragma warning disable CA2000 // The key lives as long as what signs with it.
        return new RsaSigningKey(RareRsa.ReadPrivateKey(identity.DetachedKey, Oids.RsaPss), own, SignaturePadding.Pss);
#pragma warning restore CA2000
    }

    /// <inheritdoc/>
    public override int MaxSignatureLength { get; } = (key.KeySize + 7) / 8;

    /// <inheritdoc/>
    // For PKCS#1 v1.5 it is plain rsaEncryption, the one identifier every receiver must know (RFC 3370 section 3.2).
    public override byte[] AlgorithmIdentifier { get; } =
        padding == SignaturePadding.Pss ? PssParameters.EncodeAlgorithmIdentifier(digest) : EncodeRsaEncryption();

    /// <inheritdoc/>
    // RFC 8017 section 9.1.1: what PSS encodes holds the digest, a salt that is as long, and two octets, in one bit less than the modulus.
    public override string? FindUnfitness()
    {
        var needed = (8 * ((2 * Digest.Length) + 1)) + 2;
        return padding == SignaturePadding.Pss && key.KeySize < needed
            ? $"Its RSA key of {key.KeySize} bits is too short for PSS with {Digest.Name}, which needs {needed}."
            : null;
    }

    /// <inheritdoc/>
    public override DigestAlgorithm Digest { get; } = digest;

    /// <inheritdoc/>
    public override int Sign(ReadOnlySpan<byte> message, Span<byte> destination)
    {
        Span<byte> computed = stackalloc byte[DigestAlgorithm.MaxLength];
        return key.SignHash(Digest.Compute(message, computed), destination, Digest.Hash, _padding);
    }

    /// <inheritdoc/>
    public override void Dispose() => key.Dispose();

    private static byte[] EncodeRsaEncryption()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.RsaEncryption);
            writer.WriteNull();
        }

        return writer.Encode();
    }
}
