using System.Formats.Asn1;
using SmimeGateway.Cms.Algorithms;

namespace SmimeGateway.Cms.Reading.Signatures;

/// <summary>The fields of one SignerInfo as they were sent (RFC 5652 section 5.3).</summary>
/// <param name="Identifier">Who signed.</param>
/// <param name="DigestOid">The digest that is named.</param>
/// <param name="Digest">The digest, or null if it is not one that can be computed here.</param>
/// <param name="Attributes">The signed attributes, or null.</param>
/// <param name="Algorithm">The signature algorithm.</param>
/// <param name="Signature">The signature itself.</param>
/// <param name="HasMisplacedAttribute">Whether an attribute that must be signed is among the unsigned ones.</param>
internal sealed record SignerFields(
    CertificateIdentifier Identifier,
    string DigestOid,
    DigestAlgorithm? Digest,
    SignedAttributes? Attributes,
    SignatureAlgorithm Algorithm,
    ReadOnlyMemory<byte> Signature,
    bool HasMisplacedAttribute)
{
    private static readonly Asn1Tag KeyIdentifierTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag AttributesTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag UnsignedAttributesTag = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag PreferredIssuerAndSerialTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag PreferredKeyIdentifierTag = new(TagClass.ContextSpecific, 2);

    /// <summary>Reads one SignerInfo.</summary>
    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    /// <exception cref="CmsFaultException">A limit is exceeded.</exception>
    public static SignerFields Read(AsnReader signer, CmsLimits limits)
    {
        // The version follows from the fields; producers get it wrong, and nothing depends on it.
        signer.ReadIntegerBytes();
        var identifier = signer.PeekTag().HasSameClassAndValue(KeyIdentifierTag)
            ? CertificateIdentifier.OfKey(signer.ReadOctetString(KeyIdentifierTag))
            : CertificateIdentifier.ReadIssuerAndSerial(signer.ReadSequence());
        var digest = DigestAlgorithm.Read(signer.ReadSequence(), out var digestOid);
        var attributes = signer.PeekTag().HasSameClassAndValue(AttributesTag)
            ? SignedAttributes.Read(signer.ReadEncodedValue(), limits)
            : null;
        var algorithm = SignatureAlgorithm.Read(signer.ReadEncodedValue());
        var signature = signer.TryReadPrimitiveOctetString(out var primitive) ? primitive : signer.ReadOctetString();

        var isMisplaced = signer.HasData && HasAttributeToBeSigned(signer.ReadSetOf(UnsignedAttributesTag));
        signer.ThrowIfNotEmpty();
        return new SignerFields(identifier, digestOid, digest, attributes, algorithm, signature, isMisplaced);
    }

    /// <summary>Reads SMIMEEncryptionKeyPreference (RFC 8551 section 2.5.3); null for its form that names a key of no certificate.</summary>
    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    public static CertificateIdentifier? ReadEncryptionKeyPreference(ReadOnlyMemory<byte> value)
    {
        var choice = new AsnReader(value, AsnEncodingRules.BER);
        var tag = choice.PeekTag();
        if (tag.HasSameClassAndValue(PreferredIssuerAndSerialTag))
        {
            return CertificateIdentifier.ReadIssuerAndSerial(choice.ReadSequence(PreferredIssuerAndSerialTag));
        }

        return tag.HasSameClassAndValue(PreferredKeyIdentifierTag)
            ? CertificateIdentifier.OfKey(choice.ReadOctetString(PreferredKeyIdentifierTag))
            : null;
    }

    // RFC 5652 sections 11.1 to 11.3: unsigned, these would be claims of anybody. Other unsigned attributes are countersignatures and
    // time stamps, which say nothing about this signature.
    private static bool HasAttributeToBeSigned(AsnReader unsigned)
    {
        while (unsigned.HasData)
        {
            if (unsigned.ReadSequence().ReadObjectIdentifier() is Oids.ContentType or Oids.MessageDigest or Oids.SigningTime)
            {
                return true;
            }
        }

        return false;
    }
}
