using System.Buffers.Binary;

namespace SmimeGateway.Protecting.Tnef;

/// <summary>
/// Goes through a TNEF object once (MS-OXTNEF section 2.1) and sees that every length and count it names fits into what is there, so that
/// whoever reads it afterwards can believe them: a reader that makes room for what a damaged file of 2 KB announces takes a gigabyte.
/// </summary>
internal static class TnefLengths
{
    /// <summary>How many TNEF objects may lie inside one another.</summary>
    public const int MaxDepth = 8;

    private const uint Signature = 0x223E9F78;
    private const int HeaderLength = 6;
    private const int AttributeHeadLength = 9;
    private const int ChecksumLength = 2;

    // Far more than mail has: the largest of a folder of contacts have some hundreds.
    private const int MaxProperties = 20_000;
    private const int MaxAttributes = 20_000;

    private const uint MessageProperties = 0x00069003;
    private const uint RecipientTable = 0x00069004;
    private const uint AttachmentProperties = 0x00069005;

    /// <summary>Whether the octets begin as TNEF does.</summary>
    public static bool IsTnef(ReadOnlySpan<byte> octets) =>
        octets.Length > HeaderLength && BinaryPrimitives.ReadUInt32LittleEndian(octets) == Signature;

    /// <summary>Goes through an object.</summary>
    /// <exception cref="TnefFormException">A length, a count or a checksum does not fit.</exception>
    public static TnefExtent Measure(ReadOnlySpan<byte> octets) => Measure(octets, new Counts(), depth: 1);

    private static TnefExtent Measure(ReadOnlySpan<byte> octets, Counts counts, int depth)
    {
        var (attributes, properties) = (0, 0);
        if (depth > MaxDepth)
        {
            throw new TnefFormException($"objects are nested more than {MaxDepth} deep");
        }

        if (!IsTnef(octets))
        {
            throw new TnefFormException("it does not begin as TNEF does");
        }

        var position = HeaderLength;
        while (position < octets.Length && octets[position] is 1 or 2)
        {
            var rest = octets[position..];
            var length = rest.Length < AttributeHeadLength ? -1 : BinaryPrimitives.ReadInt32LittleEndian(rest[5..]);
            if (length < 0 || length > rest.Length - AttributeHeadLength - ChecksumLength)
            {
                throw new TnefFormException("an attribute is longer than what is there");
            }

            attributes++;
            if (++counts.Attributes > MaxAttributes)
            {
                throw new TnefFormException($"it has more than {MaxAttributes} attributes");
            }

            var value = rest.Slice(AttributeHeadLength, length);
            if (Checksum(value) != BinaryPrimitives.ReadUInt16LittleEndian(rest[(AttributeHeadLength + length)..]))
            {
                throw new TnefFormException("a checksum is wrong");
            }

            switch (BinaryPrimitives.ReadUInt32LittleEndian(rest[1..]))
            {
                case MessageProperties or AttachmentProperties:
                    properties += MeasureProperties(value, counts, depth);
                    break;
                case RecipientTable:
                    properties += MeasureRows(value, counts, depth);
                    break;
            }

            position += AttributeHeadLength + length + ChecksumLength;
        }

        return new TnefExtent(position, attributes, properties);
    }

    private static ushort Checksum(ReadOnlySpan<byte> value)
    {
        var sum = 0u;
        foreach (var octet in value)
        {
            sum += octet;
        }

        return (ushort)sum;
    }

    private static int MeasureRows(ReadOnlySpan<byte> table, Counts counts, int depth)
    {
        var rest = new Rest(table);
        var rows = rest.TakeCount(4);
        var properties = 0;
        for (var row = 0; row < rows; row++)
        {
            properties += MeasureProperties(ref rest, counts, depth);
        }

        return properties;
    }

    private static int MeasureProperties(ReadOnlySpan<byte> properties, Counts counts, int depth)
    {
        var rest = new Rest(properties);
        return MeasureProperties(ref rest, counts, depth);
    }

    private static int MeasureProperties(ref Rest rest, Counts counts, int depth)
    {
        var properties = rest.TakeCount(4);
        for (var i = 0; i < properties; i++)
        {
            if (++counts.Properties > MaxProperties)
            {
                throw new TnefFormException($"it has more than {MaxProperties} properties");
            }

            var tag = (uint)rest.TakeNumber();
            var (id, type) = (tag >> 16, tag & 0xFFFF);
            if (id >= 0x8000)
            {
                MeasureName(ref rest);
            }

            // Bit 12 says that there are several values.
            var isLong = (type & 0xFFF) is 0x000D or 0x001E or 0x001F or 0x0102;
            var width = (type & 0xFFF) switch
            {
                0x000D or 0x001E or 0x001F or 0x0102 => 4,
                0x0000 or 0x0001 => 0,
                0x0002 or 0x0003 or 0x0004 or 0x000A or 0x000B => 4,
                0x0005 or 0x0006 or 0x0007 or 0x0014 or 0x0040 => 8,
                0x0048 => 16,
                _ => throw new TnefFormException("a property has a type that nobody knows"),
            };
            var values = isLong || (type & 0x1000) != 0 ? rest.TakeCount(width) : 1;
            if ((type & 0x1000) != 0 && width == 0)
            {
                throw new TnefFormException("a property has several values of nothing");
            }

            for (var value = 0; value < values; value++)
            {
                var octets = isLong ? rest.TakeValue() : rest.Take(width);

                // What is embedded begins with the name of its interface, that of a message being {00020307-0000-0000-C000-000000000046}.
                if (isLong && id == TnefIds.AttachData && octets.Length > 16 && IsTnef(octets[16..]))
                {
                    Measure(octets[16..], counts, depth + 1);
                }
            }
        }

        return properties;
    }

    private static void MeasureName(ref Rest rest)
    {
        rest.Take(16);
        switch (rest.TakeNumber())
        {
            case 0:
                rest.TakeNumber();
                break;
            case 1:
                rest.TakeValue();
                break;
            default:
                throw new TnefFormException("a property has a name of a kind that nobody knows");
        }
    }

    private sealed class Counts
    {
        public int Attributes { get; set; }

        public int Properties { get; set; }
    }

    private ref struct Rest(ReadOnlySpan<byte> octets)
    {
        private ReadOnlySpan<byte> _octets = octets;

        public int TakeNumber() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

        /// <summary>A count of things of which each takes at least so many octets.</summary>
        public int TakeCount(int width)
        {
            var count = TakeNumber();
            return count >= 0 && (long)count * Math.Max(width, 1) <= _octets.Length ? count : throw new TnefFormException("a count is higher than what is there");
        }

        /// <summary>A value with its length before it, and filled up to four octets behind it.</summary>
        public ReadOnlySpan<byte> TakeValue()
        {
            var length = TakeNumber();
            var value = Take(length);
            Take((4 - (length & 3)) & 3);
            return value;
        }

        public ReadOnlySpan<byte> Take(int length)
        {
            if (length < 0 || length > _octets.Length)
            {
                throw new TnefFormException("a value is longer than what is there");
            }

            var taken = _octets[..length];
            _octets = _octets[length..];
            return taken;
        }
    }
}

/// <summary>How much a TNEF object is, without the objects in it.</summary>
/// <param name="Octets">The octets it takes: what follows its last attribute is none of it.</param>
/// <param name="Attributes">Its attributes.</param>
/// <param name="Properties">The properties of all of them.</param>
internal readonly record struct TnefExtent(int Octets, int Attributes, int Properties);
