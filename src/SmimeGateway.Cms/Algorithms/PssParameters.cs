using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>RSASSA-PSS-params of RFC 4055 section 3.1.</summary>
/// <param name="DigestOid">The digest of the message.</param>
/// <param name="MaskDigestOid">The digest within MGF1.</param>
/// <param name="SaltLength">The salt in bytes.</param>
internal sealed record PssParameters(string DigestOid, string MaskDigestOid, int SaltLength)
{
    private const int Sha1Length = 20;

    private static readonly Asn1Tag DigestTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag MaskTag = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag SaltTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag TrailerTag = new(TagClass.ContextSpecific, 3);

    /// <summary>The digest within MGF1, or null if it is not one that can be computed here.</summary>
    public DigestAlgorithm? MaskDigest { get; } = DigestAlgorithm.FindByOid(MaskDigestOid);

    /// <summary>Whether it is the form that RFC 4056 section 3 recommends, the only one that the framework verifies: one digest, and a salt as long.</summary>
    public bool AreOrdinaryFor(DigestAlgorithm digest) => MaskDigestOid == digest.Oid && SaltLength == digest.Length && !digest.IsExtendable;

    /// <summary>
    /// Whether a key with these parameters may make a signature with others: the same digests, and a salt that is no shorter (RFC 4055 section 3.3).
    /// </summary>
    public bool Allow(PssParameters signature) =>
        signature.DigestOid == DigestOid && signature.MaskDigestOid == MaskDigestOid && signature.SaltLength >= SaltLength;

    /// <summary>Reads the parameters in the algorithm identifier of a key; null where there are none, so that the key may make any.</summary>
    /// <exception cref="CryptographicException">They are of a form nobody can verify.</exception>
    public static PssParameters? ReadRestriction(X509Certificate2 certificate)
    {
        try
        {
            return certificate.GetKeyAlgorithmParameters() is not { Length: > 0 } encoded ? null
                : TryRead(encoded, out var parameters) ? parameters
                : throw new CryptographicException("The key is for RSA-PSS with another mask function.");
        }
        catch (AsnContentException exception)
        {
            throw new CryptographicException("The parameters of the key are malformed.", exception);
        }
    }

    /// <summary>The algorithm identifier of PSS with this digest, MGF1 over it, and a salt of its length.</summary>
    public static byte[] EncodeAlgorithmIdentifier(DigestAlgorithm digest)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.RsaPss);
            using (writer.PushSequence())
            {
                // SHA-1, MGF1 over it and a salt of 20 are the defaults, which DER leaves out.
                if (digest.Oid != Oids.Sha1)
                {
                    using (writer.PushSequence(DigestTag))
                    {
                        WriteDigest(writer, digest);
                    }

                    using (writer.PushSequence(MaskTag))
                    using (writer.PushSequence())
                    {
                        writer.WriteObjectIdentifier(Oids.Mgf1);
                        WriteDigest(writer, digest);
                    }

                    using (writer.PushSequence(SaltTag))
                    {
                        writer.WriteInteger(digest.Length);
                    }
                }
            }
        }

        return writer.Encode();
    }

    /// <summary>Reads the parameters; false if they are of a form nobody can verify (another mask function or trailer).</summary>
    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    public static bool TryRead(ReadOnlyMemory<byte> encoded, [NotNullWhen(true)] out PssParameters? parameters)
    {
        var fields = new AsnReader(encoded, AsnEncodingRules.BER).ReadSequence();
        var digestOid = Oids.Sha1;
        var maskDigestOid = Oids.Sha1;
        var saltLength = Sha1Length;
        parameters = null;
        if (fields.HasData && fields.PeekTag().HasSameClassAndValue(DigestTag))
        {
            digestOid = fields.ReadSequence(DigestTag).ReadSequence().ReadObjectIdentifier();
        }

        if (fields.HasData && fields.PeekTag().HasSameClassAndValue(MaskTag))
        {
            var mask = fields.ReadSequence(MaskTag).ReadSequence();
            if (mask.ReadObjectIdentifier() != Oids.Mgf1)
            {
                return false;
            }

            maskDigestOid = mask.ReadSequence().ReadObjectIdentifier();
        }

        if (fields.HasData && fields.PeekTag().HasSameClassAndValue(SaltTag)
            && !fields.ReadSequence(SaltTag).TryReadInt32(out saltLength))
        {
            return false;
        }

        if (fields.HasData && fields.PeekTag().HasSameClassAndValue(TrailerTag)
            && !(fields.ReadSequence(TrailerTag).TryReadInt32(out var trailer) && trailer == 1))
        {
            return false;
        }

        fields.ThrowIfNotEmpty();
        parameters = new PssParameters(digestOid, maskDigestOid, saltLength);
        return true;
    }

    private static void WriteDigest(AsnWriter writer, DigestAlgorithm digest)
    {
        using (writer.PushSequence())
        {
            // Inside PSS the parameters are NULL, as RFC 4055 section 2.1 writes these identifiers.
            writer.WriteObjectIdentifier(digest.Oid);
            writer.WriteNull();
        }
    }
}
