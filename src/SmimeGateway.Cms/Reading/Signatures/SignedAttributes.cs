using System.Formats.Asn1;

namespace SmimeGateway.Cms.Reading.Signatures;

/// <summary>The signed attributes of one signer, looked up by object identifier (RFC 5652 section 5.3).</summary>
internal sealed class SignedAttributes
{
    private static readonly Asn1Tag FieldTag = new(TagClass.ContextSpecific, 0);

    private readonly List<(string Oid, ReadOnlyMemory<byte> Values)> _attributes = [];

    private SignedAttributes(ReadOnlyMemory<byte> encoded) => Encoded = encoded;

    /// <summary>The whole field as it was sent, under its implicit tag.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>Whether the content type and message digest, which every set of signed attributes has, are among them.</summary>
    public bool HaveContentTypeAndDigest => Count(Oids.ContentType) > 0 && Count(Oids.MessageDigest) > 0;

    /// <summary>Reads the attributes, under their implicit tag or as a plain set.</summary>
    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    /// <exception cref="CmsFaultException">A limit is exceeded.</exception>
    public static SignedAttributes Read(ReadOnlyMemory<byte> encoded, CmsLimits limits)
    {
        if (encoded.Length > limits.MaxAttributeBytes)
        {
            throw new CmsFaultException(
                CmsFaultKind.LimitExceeded, $"The signed attributes are larger than {limits.MaxAttributeBytes} bytes.");
        }

        var outer = new AsnReader(encoded, AsnEncodingRules.BER);
        var set = outer.ReadSetOf(outer.PeekTag().TagClass == TagClass.ContextSpecific ? FieldTag : Asn1Tag.SetOf);
        outer.ThrowIfNotEmpty();
        var attributes = new SignedAttributes(encoded);
        while (set.HasData)
        {
            if (attributes._attributes.Count == limits.MaxAttributes)
            {
                throw new CmsFaultException(CmsFaultKind.LimitExceeded, $"More than {limits.MaxAttributes} signed attributes.");
            }

            var attribute = set.ReadSequence();
            attributes._attributes.Add((attribute.ReadObjectIdentifier(), attribute.ReadEncodedValue()));
            attribute.ThrowIfNotEmpty();
        }

        return attributes;
    }

    /// <summary>The one value of an attribute, or null if it is absent.</summary>
    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    /// <exception cref="CmsFaultException">The attribute is repeated or has not exactly one value.</exception>
    public ReadOnlyMemory<byte>? FindValue(string oid)
    {
        var count = Count(oid);
        if (count == 0)
        {
            return null;
        }

        var values = new AsnReader(_attributes.Find(attribute => attribute.Oid == oid).Values, AsnEncodingRules.BER).ReadSetOf();
        var value = values.HasData ? values.ReadEncodedValue() : default;

        // RFC 5652 sections 11.1 to 11.3: one instance with one value, or an attacker could choose which one is seen.
        return count == 1 && !value.IsEmpty && !values.HasData
            ? value
            : throw new CmsFaultException(CmsFaultKind.AttributeInvalid, $"The signed attribute {oid} has not exactly one value.");
    }

    /// <summary>The content type that was signed, or null if the attribute is absent.</summary>
    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    /// <exception cref="CmsFaultException">The attribute is repeated or has not exactly one value.</exception>
    public string? FindContentType() =>
        FindValue(Oids.ContentType) is { } value ? new AsnReader(value, AsnEncodingRules.BER).ReadObjectIdentifier() : null;

    /// <summary>The digest that was signed, or null if the attribute is absent.</summary>
    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    /// <exception cref="CmsFaultException">The attribute is repeated or has not exactly one value.</exception>
    public byte[]? FindMessageDigest() =>
        FindValue(Oids.MessageDigest) is { } value ? new AsnReader(value, AsnEncodingRules.BER).ReadOctetString() : null;

    /// <summary>The time the signer claims, or null if the attribute is absent.</summary>
    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    /// <exception cref="CmsFaultException">The attribute is repeated or has not exactly one value.</exception>
    public DateTimeOffset? FindSigningTime()
    {
        if (FindValue(Oids.SigningTime) is not { } value)
        {
            return null;
        }

        // RFC 5652 section 11.3: two-digit years from 50 belong to the last century.
        const int TwoDigitYearMax = 2049;
        var time = new AsnReader(value, AsnEncodingRules.BER);
        return time.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime)
            ? time.ReadUtcTime(TwoDigitYearMax)
            : time.ReadGeneralizedTime();
    }

    private int Count(string oid) => _attributes.Count(attribute => attribute.Oid == oid);
}
