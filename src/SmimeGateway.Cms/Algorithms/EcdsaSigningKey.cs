using System.Formats.Asn1;
using System.Security.Cryptography;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>An elliptic-curve key, signing with ECDSA in the DER form that CMS uses (RFC 5753 section 2.1.1).</summary>
internal sealed class EcdsaSigningKey(ECDsa key, DigestAlgorithm digest) : SigningKey
{
    /// <inheritdoc/>
    public override int MaxSignatureLength { get; } = key.GetMaxSignatureSize(DSASignatureFormat.Rfc3279DerSequence);

    /// <inheritdoc/>
    public override byte[] AlgorithmIdentifier { get; } = Encode(digest);

    /// <inheritdoc/>
    public override DigestAlgorithm Digest { get; } = digest;

    /// <inheritdoc/>
    public override int Sign(ReadOnlySpan<byte> message, Span<byte> destination)
    {
        Span<byte> computed = stackalloc byte[DigestAlgorithm.MaxLength];
        return key.SignHash(Digest.Compute(message, computed), destination, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <inheritdoc/>
    public override void Dispose() => key.Dispose();

    private static byte[] Encode(DigestAlgorithm digest)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            // RFC 5754 section 3.3: the parameters are absent.
            writer.WriteObjectIdentifier(digest.Oid switch
            {
                Oids.Sha1 => Oids.EcdsaWithSha1,
                Oids.Sha384 => Oids.EcdsaWithSha384,
                Oids.Sha512 => Oids.EcdsaWithSha512,
                _ => Oids.EcdsaWithSha256,
            });
        }

        return writer.Encode();
    }
}
