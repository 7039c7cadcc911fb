using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeGateway.Cms.Algorithms.Modern;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>RSAES-OAEP-params (RFC 4055 section 4.1), of digests that can be computed here.</summary>
/// <param name="Digest">The digest of the label.</param>
/// <param name="MaskDigest">The digest within MGF1.</param>
/// <param name="Label">The label, which is empty nearly everywhere.</param>
internal sealed record OaepParameters(DigestAlgorithm Digest, DigestAlgorithm MaskDigest, ReadOnlyMemory<byte> Label)
{
    // A label tells whom a key is for; one of a kilobyte tells nothing but that somebody tries something.
    private const int MaxLabelLength = 1024;

    private static readonly Asn1Tag DigestTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag MaskTag = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag LabelTag = new(TagClass.ContextSpecific, 2);

    /// <summary>The name of what is asked for.</summary>
    public string Name =>
        $"RSA-OAEP {Digest.Name}{(MaskDigest == Digest ? string.Empty : $", mask {MaskDigest.Name}")}{(Label.IsEmpty ? string.Empty : ", with a label")}";

    /// <summary>The padding as the framework calls it, which has one digest and no label; null where that is not what is asked for.</summary>
    public RSAEncryptionPadding? FrameworkPadding { get; } =
        MaskDigest == Digest && Label.IsEmpty ? RSAEncryptionPadding.CreateOaep(Digest.Hash) : null;

    /// <summary>Reads the parameters; null, with a name and the reason, where they ask for what nobody here knows.</summary>
    /// <param name="parameters">The parameters; without data where they are absent.</param>
    /// <param name="name">What they ask for.</param>
    /// <param name="reason">Why it is not supported, or null.</param>
    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    public static OaepParameters? Read(AsnReader parameters, out string name, out string? reason)
    {
        var digestOid = Oids.Sha1;
        var maskOid = Oids.Mgf1;
        var maskDigestOid = Oids.Sha1;
        var sourceOid = Oids.OaepLabel;
        byte[] label = [];
        if (parameters.HasData && parameters.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            var fields = parameters.ReadSequence();
            if (fields.HasData && fields.PeekTag().HasSameClassAndValue(DigestTag))
            {
                digestOid = fields.ReadSequence(DigestTag).ReadSequence().ReadObjectIdentifier();
            }

            if (fields.HasData && fields.PeekTag().HasSameClassAndValue(MaskTag))
            {
                var mask = fields.ReadSequence(MaskTag).ReadSequence();
                maskOid = mask.ReadObjectIdentifier();
                maskDigestOid = mask.HasData ? mask.ReadSequence().ReadObjectIdentifier() : Oids.Sha1;
            }

            if (fields.HasData)
            {
                var source = fields.ReadSequence(LabelTag).ReadSequence();
                sourceOid = source.ReadObjectIdentifier();
                label = source.ReadOctetString();
            }

            fields.ThrowIfNotEmpty();
        }

        var (digest, maskDigest) = (FindDigest(digestOid), FindDigest(maskDigestOid));
        name = $"RSA-OAEP {digest?.Name ?? digestOid}";
        reason = digest is null ? $"{name} is not supported."
            : maskOid != Oids.Mgf1 || maskDigest is null ? "RSA-OAEP with a mask that is not supported."
            : sourceOid != Oids.OaepLabel || label.Length > MaxLabelLength ? "RSA-OAEP with a label that is none."
            : null;
        if (reason is not null)
        {
            return null;
        }

        var read = new OaepParameters(digest!, maskDigest!, label);
        name = read.Name;
        return read;
    }

    /// <summary>Writes them; SHA-1, MGF1 over it and an empty label are the defaults, which DER leaves out.</summary>
    public void Write(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            if (Digest.Oid != Oids.Sha1)
            {
                using (writer.PushSequence(DigestTag))
                {
                    WriteDigest(writer, Digest);
                }
            }

            if (MaskDigest.Oid != Oids.Sha1)
            {
                using (writer.PushSequence(MaskTag))
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Oids.Mgf1);
                    WriteDigest(writer, MaskDigest);
                }
            }

            if (!Label.IsEmpty)
            {
                using (writer.PushSequence(LabelTag))
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Oids.OaepLabel);
                    writer.WriteOctetString(Label.Span);
                }
            }
        }
    }

    private static DigestAlgorithm? FindDigest(string oid) =>
        DigestAlgorithm.FindByOid(oid) is { } digest && RareRsa.Knows(digest) ? digest : null;

    private static void WriteDigest(AsnWriter writer, DigestAlgorithm digest)
    {
        using (writer.PushSequence())
        {
            // Here the parameters are NULL, as RFC 4055 section 2.1 writes these identifiers.
            writer.WriteObjectIdentifier(digest.Oid);
            writer.WriteNull();
        }
    }
}
