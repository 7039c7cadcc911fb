using System.Buffers;
using System.Formats.Asn1;

namespace SmimeGateway.Cms.Reading;

/// <summary>Rewrites a BER element as DER: shortest definite lengths, joined strings, sorted sets.</summary>
internal static class DerNormalizer
{
    /// <summary>The element in DER.</summary>
    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    /// <exception cref="CmsFaultException">The element is nested deeper than allowed.</exception>
    public static byte[] Normalize(ReadOnlySpan<byte> element, int maxDepth)
    {
        if (maxDepth == 0)
        {
            throw new CmsFaultException(CmsFaultKind.LimitExceeded, "The attributes are nested too deeply.");
        }

        var tag = AsnDecoder.ReadEncodedValue(element, AsnEncodingRules.BER, out var at, out var length, out _);
        var content = element.Slice(at, length);
        if (!tag.IsConstructed)
        {
            return Wrap(tag, content);
        }

        var children = new List<byte[]>();
        while (!content.IsEmpty)
        {
            AsnDecoder.ReadEncodedValue(content, AsnEncodingRules.BER, out _, out _, out var consumed);
            children.Add(Normalize(content[..consumed], maxDepth - 1));
            content = content[consumed..];
        }

        if (IsString(tag))
        {
            return Wrap(new Asn1Tag((UniversalTagNumber)tag.TagValue), Join(children.ConvertAll(ContentOf)));
        }

        if (tag.HasSameClassAndValue(Asn1Tag.SetOf))
        {
            children.Sort((one, other) => one.AsSpan().SequenceCompareTo(other));
        }

        return Wrap(tag, Join(children));
    }

    // The string types of X.690 section 8 that may come in pieces; a bit string's pieces carry extra octets, and no signed
    // attribute has one.
    private static bool IsString(Asn1Tag tag) => tag.TagClass == TagClass.Universal && (UniversalTagNumber)tag.TagValue
        is UniversalTagNumber.OctetString
        or UniversalTagNumber.UTF8String
        or (>= UniversalTagNumber.NumericString and <= UniversalTagNumber.BMPString);

    private static byte[] ContentOf(byte[] element)
    {
        AsnDecoder.ReadEncodedValue(element, AsnEncodingRules.DER, out var at, out var length, out _);
        return element[at..(at + length)];
    }

    private static byte[] Join(List<byte[]> parts)
    {
        var joined = new ArrayBufferWriter<byte>(Math.Max(1, parts.Sum(part => part.Length)));
        parts.ForEach(part => joined.Write(part));
        return joined.WrittenSpan.ToArray();
    }

    private static byte[] Wrap(Asn1Tag tag, ReadOnlySpan<byte> content)
    {
        var tagLength = tag.CalculateEncodedSize();
        var header = Writing.DerCursor.HeaderSize(content.Length);
        var element = new byte[tagLength - 1 + header + content.Length];

        // The cursor writes a one-byte tag, over which the real one, ending where that one stood, is then laid.
        var cursor = new Writing.DerCursor(element.AsSpan(tagLength - 1));
        cursor.WriteHeader(0, content.Length);
        cursor.Write(content);
        tag.Encode(element);
        return element;
    }
}
