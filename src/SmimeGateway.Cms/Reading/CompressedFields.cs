using System.Formats.Asn1;
using SmimeGateway.Cms.Writing;

namespace SmimeGateway.Cms.Reading;

/// <summary>The structure of CompressedData (RFC 3274 section 1.1).</summary>
internal static class CompressedFields
{
    private const byte Sequence = 0x30;
    private const byte Explicit0 = 0xA0;
    private const byte OctetString = 0x04;

    private static readonly Asn1Tag Tag0 = new(TagClass.ContextSpecific, 0);

    /// <summary>The compressed octets of a ContentInfo that holds a CompressedData.</summary>
    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    /// <exception cref="CmsFaultException">It is something else, or compressed by something else.</exception>
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> encoded)
    {
        var contentInfo = new AsnReader(encoded, AsnEncodingRules.BER).ReadSequence();
        var type = contentInfo.ReadObjectIdentifier();
        if (type != Oids.CompressedData)
        {
            throw new CmsFaultException(CmsFaultKind.NotCompressedData, $"The object is {ContentTypeNames.NameOf(type)}, not CompressedData.");
        }

        var compressed = contentInfo.ReadSequence(Tag0).ReadSequence();

        // The version is always 0.
        compressed.ReadIntegerBytes();
        var algorithm = compressed.ReadSequence().ReadObjectIdentifier();
        if (algorithm != Oids.Zlib)
        {
            throw new CmsFaultException(CmsFaultKind.UnsupportedAlgorithm, $"The compression {algorithm} is not supported.");
        }

        var encapsulated = compressed.ReadSequence();
        compressed.ThrowIfNotEmpty();
        var contentType = encapsulated.ReadObjectIdentifier();
        if (contentType != Oids.Data)
        {
            throw new CmsFaultException(
                CmsFaultKind.ContentTypeMismatch, $"The compressed content is {ContentTypeNames.NameOf(contentType)}, not Data.");
        }

        if (!encapsulated.HasData)
        {
            throw new CmsFaultException(CmsFaultKind.ContentMissing, "The compressed content is not inside the object.");
        }

        var content = encapsulated.ReadSequence(Tag0);
        return content.TryReadPrimitiveOctetString(out var whole) ? whole : content.ReadOctetString();
    }

    /// <summary>The DER of a CompressedData of Data around compressed octets.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> zlib)
    {
        var head = EncodeHead();
        var type = Encode(Oids.CompressedData);
        var dataType = Encode(Oids.Data);
        var octets = DerCursor.Sized(zlib.Length);
        var encapsulated = dataType.Length + DerCursor.Sized(octets);
        var compressed = head.Length + DerCursor.Sized(encapsulated);
        var explicitCompressed = DerCursor.Sized(compressed);
        var contentInfo = type.Length + DerCursor.Sized(explicitCompressed);

        var result = GC.AllocateUninitializedArray<byte>(checked((int)DerCursor.Sized(contentInfo)));
        var cursor = new DerCursor(result);
        cursor.WriteHeader(Sequence, contentInfo);
        cursor.Write(type);
        cursor.WriteHeader(Explicit0, explicitCompressed);
        cursor.WriteHeader(Sequence, compressed);
        cursor.Write(head);
        cursor.WriteHeader(Sequence, encapsulated);
        cursor.Write(dataType);
        cursor.WriteHeader(Explicit0, octets);
        cursor.WriteHeader(OctetString, zlib.Length);
        cursor.Write(zlib);
        return result;
    }

    private static byte[] EncodeHead()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteInteger(0);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.Zlib);
        }

        return writer.Encode();
    }

    private static byte[] Encode(string oid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(oid);
        return writer.Encode();
    }
}
