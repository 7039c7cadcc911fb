using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeGateway.Cms.Algorithms;

namespace SmimeGateway.Cms.Reading.Keys;

/// <summary>
/// Reads RSAES-OAEP-params (RFC 4055 section 4.1). The framework decrypts where the mask is made with the digest of the label, and the label
/// is empty, as all mail programs write it by themselves; other forms are named and refused.
/// </summary>
internal static class OaepPadding
{
    private static readonly Asn1Tag DigestTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag MaskTag = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag LabelTag = new(TagClass.ContextSpecific, 2);

    /// <summary>The name of what the parameters ask for, and its padding, or the reason why there is none.</summary>
    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    public static (string Name, RSAEncryptionPadding? Padding, string? Reason) Read(AsnReader algorithm)
    {
        var digestOid = Oids.Sha1;
        var maskOid = Oids.Mgf1;
        var maskDigestOid = Oids.Sha1;
        var hasLabel = false;
        if (algorithm.HasData && algorithm.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            var fields = algorithm.ReadSequence();
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

            hasLabel = fields.HasData && HasLabel(fields.ReadSequence(LabelTag).ReadSequence());
            fields.ThrowIfNotEmpty();
        }

        var digest = DigestAlgorithm.FindByOid(digestOid);
        var name = $"RSA-OAEP {digest?.Name ?? digestOid}";
        return maskOid != Oids.Mgf1 || maskDigestOid != digestOid
            ? ($"{name} with another mask", null, "RSA-OAEP is supported only where its mask is made by MGF1 with the same digest.")
            : hasLabel
                ? ($"{name} with a label", null, "RSA-OAEP with a label is not supported.")
                : digest is null || digest == DigestAlgorithm.Md5
                    ? (name, null, $"{name} is not supported.")
                    : (name, RSAEncryptionPadding.CreateOaep(digest.Hash), null);
    }

    private static bool HasLabel(AsnReader source) =>
        source.ReadObjectIdentifier() != Oids.OaepLabel || source.ReadOctetString().Length > 0;
}
