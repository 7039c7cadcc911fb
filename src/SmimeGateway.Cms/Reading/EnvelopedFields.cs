using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using SmimeGateway.Cms.Reading.Keys;

namespace SmimeGateway.Cms.Reading;

/// <summary>The fields of an EnvelopedData or AuthEnvelopedData as they were sent (RFC 5652 section 6.1, RFC 5083 section 2.1).</summary>
/// <param name="IsAuthenticated">Whether it is an AuthEnvelopedData.</param>
/// <param name="Keys">The key of the content, encrypted to each recipient.</param>
/// <param name="ContentType">The type of the content.</param>
/// <param name="CipherOid">What the content is encrypted with.</param>
/// <param name="CipherParameters">The parameters of the cipher; empty where there are none.</param>
/// <param name="Content">The encrypted content, or null if it travels elsewhere.</param>
/// <param name="AuthenticatedAttributes">The attributes that the tag covers as well, in DER as it covers them; empty where there are none.</param>
/// <param name="Tag">The authentication tag; empty in EnvelopedData.</param>
/// <param name="EncodedLength">The size of the whole object.</param>
/// <param name="IsBare">Whether there is nothing in it besides: certificates of an originator, attributes that nothing protects, octets between the fields.</param>
internal sealed record EnvelopedFields(
    bool IsAuthenticated,
    IReadOnlyList<EncryptedKey> Keys,
    string ContentType,
    string CipherOid,
    ReadOnlyMemory<byte> CipherParameters,
    OctetPieces? Content,
    ReadOnlyMemory<byte> AuthenticatedAttributes,
    ReadOnlyMemory<byte> Tag,
    int EncodedLength,
    bool IsBare)
{
    private const byte SetTag = 0x31;

    private static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Tag1 = new(TagClass.ContextSpecific, 1);

    /// <summary>Reads a ContentInfo that holds one of the two; false with a fault if it is anything else.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> encoded,
        CmsLimits limits,
        [NotNullWhen(true)] out EnvelopedFields? fields,
        [NotNullWhen(false)] out CmsFault? fault) => ForeignObject.TryRead(encoded, limits, Read, "EnvelopedData or AuthEnvelopedData", out fields, out fault);

    private static EnvelopedFields Read(ReadOnlyMemory<byte> encoded, CmsLimits limits)
    {
        var contentInfo = ForeignObject.Open(encoded, out var type, out var encodedLength);
        if (type is not (Oids.EnvelopedData or Oids.AuthEnvelopedData))
        {
            throw new CmsFaultException(CmsFaultKind.NotEnvelopedData, $"The object is {ContentTypeNames.NameOf(type)}, not EnvelopedData.");
        }

        var holder = contentInfo.ReadSequence(Tag0);
        var enveloped = holder.ReadSequence();

        // The version follows from the fields, and the originator's certificates are not needed for what is supported here.
        enveloped.ReadIntegerBytes();
        var hasOriginator = enveloped.PeekTag().HasSameClassAndValue(Tag0);
        if (hasOriginator)
        {
            enveloped.ReadEncodedValue();
        }

        var keys = ReadRecipients(enveloped.ReadSetOf(), limits);
        var inner = enveloped.ReadSequence();
        var contentType = inner.ReadObjectIdentifier();
        var algorithm = inner.ReadSequence();
        var cipherOid = algorithm.ReadObjectIdentifier();
        var parameters = algorithm.HasData ? algorithm.ReadEncodedValue() : default;
        var content = inner.HasData ? OctetPieces.Read(inner, Tag0) : null;
        inner.ThrowIfNotEmpty();

        var isAuthenticated = type == Oids.AuthEnvelopedData;
        ReadOnlyMemory<byte> attributes = default;
        ReadOnlyMemory<byte> tag = default;
        if (isAuthenticated)
        {
            if (enveloped.PeekTag().HasSameClassAndValue(Tag1))
            {
                attributes = ReadAttributes(enveloped.ReadEncodedValue(), limits);
            }

            tag = enveloped.ReadOctetString();
        }

        // What remains are attributes that nothing protects, and that nobody here asks for.
        var isBare = !hasOriginator && !algorithm.HasData && !enveloped.HasData && !holder.HasData && !contentInfo.HasData;
        return new EnvelopedFields(isAuthenticated, keys, contentType, cipherOid, parameters, content, attributes, tag, encodedLength, isBare);
    }

    // RFC 5083 section 2.2: the tag covers the DER of the attributes under the tag of a set.
    private static byte[] ReadAttributes(ReadOnlyMemory<byte> sent, CmsLimits limits)
    {
        if (sent.Length > limits.MaxAttributeBytes)
        {
            throw new CmsFaultException(CmsFaultKind.LimitExceeded, $"More than {limits.MaxAttributeBytes} bytes of authenticated attributes.");
        }

        var set = sent.ToArray();
        set[0] = SetTag;
        return DerNormalizer.Normalize(set, limits.MaxDepth);
    }

    private static List<EncryptedKey> ReadRecipients(AsnReader set, CmsLimits limits)
    {
        var keys = new List<EncryptedKey>();
        while (set.HasData)
        {
            foreach (var key in EncryptedKeys.Read(set))
            {
                if (keys.Count == limits.MaxRecipients)
                {
                    throw new CmsFaultException(CmsFaultKind.LimitExceeded, $"More than {limits.MaxRecipients} recipients.");
                }

                keys.Add(key);
            }
        }

        return keys;
    }
}
