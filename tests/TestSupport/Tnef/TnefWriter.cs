using System.Buffers.Binary;
using System.Text;

namespace SmimeGateway.TestSupport.Tnef;

/// <summary>Writes TNEF objects, good ones and bad ones (MS-OXTNEF).</summary>
public sealed class TnefWriter
{
    /// <summary>The name of the interface of a message.</summary>
    public static readonly byte[] MessageInterface = new Guid("00020307-0000-0000-C000-000000000046").ToByteArray();

    private readonly List<byte> _written = [];

    /// <summary>Begins an object.</summary>
    /// <param name="codepage">The code page of its texts.</param>
    public TnefWriter(int codepage = 1252)
    {
        _written.AddRange((byte[])[0x78, 0x9F, 0x3E, 0x22, 0x01, 0x00]);
        Attribute(1, 0x00089006, [0x00, 0x00, 0x01, 0x00]);
        Attribute(1, 0x00069007, [.. Number(codepage), .. Number(0)]);
    }

    /// <summary>Adds any attribute.</summary>
    public TnefWriter Attribute(byte level, uint tag, byte[] value, ushort? checksum = null)
    {
        _written.Add(level);
        _written.AddRange(Number((int)tag));
        _written.AddRange(Number(value.Length));
        _written.AddRange(value);
        _written.AddRange(BitConverter.GetBytes(checksum ?? (ushort)value.Sum(octet => octet)));
        return this;
    }

    /// <summary>Adds the properties of the message.</summary>
    public TnefWriter Message(params byte[][] properties) => Attribute(1, 0x00069003, Properties(properties));

    /// <summary>Adds a message class, a subject and a text.</summary>
    public TnefWriter Note(string text, string subject = "subject", string messageClass = "IPM.Note") =>
        Message(Text(0x001A, messageClass), Text(0x0037, subject), Text(0x1000, text));

    /// <summary>Adds the recipients of the message.</summary>
    public TnefWriter Recipients(params byte[][][] rows) =>
        Attribute(1, 0x00069004, [.. Number(rows.Length), .. rows.SelectMany(Properties)]);

    /// <summary>Adds a file.</summary>
    public TnefWriter File(string name, byte[] octets, params byte[][] properties)
    {
        Attribute(2, 0x00069002, new byte[14]);
        Attribute(2, 0x0006800F, octets);
        return Attribute(2, 0x00069005, Properties([Text(0x3707, name), .. properties]));
    }

    /// <summary>Adds a message as an attachment.</summary>
    public TnefWriter Embedded(byte[] tnef)
    {
        Attribute(2, 0x00069002, new byte[14]);
        return Attribute(2, 0x00069005, Properties([Binary(0x3701, [.. MessageInterface, .. tnef], type: 0x000D), Whole(0x3705, 5)]));
    }

    /// <summary>The object.</summary>
    public byte[] ToArray() => [.. _written];

    /// <summary>A list of properties.</summary>
    public static byte[] Properties(params IReadOnlyList<byte[]> properties) => [.. Number(properties.Count), .. properties.SelectMany(property => property)];

    /// <summary>A property of Unicode text.</summary>
    public static byte[] Text(int id, string text) => Binary(id, Encoding.Unicode.GetBytes(text + "\0"), type: 0x001F);

    /// <summary>A property of text in a code page that writes ASCII as it is; octets stand for themselves.</summary>
    public static byte[] Text8(int id, string text) => Binary(id, Encoding.Latin1.GetBytes(text + "\0"), type: 0x001E);

    /// <summary>A property of octets.</summary>
    public static byte[] Binary(int id, byte[] octets, int type = 0x0102) =>
        [.. Tag(id, type), .. Number(1), .. Number(octets.Length), .. octets, .. new byte[(4 - (octets.Length & 3)) & 3]];

    /// <summary>A property that is a number.</summary>
    public static byte[] Whole(int id, int value) => [.. Tag(id, 0x0003), .. Number(value)];

    /// <summary>A property that is a moment.</summary>
    public static byte[] Moment(int id, DateTime moment) => [.. Tag(id, 0x0040), .. BitConverter.GetBytes(moment.ToFileTimeUtc())];

    /// <summary>The same property with a name.</summary>
    public static byte[] Named(Guid set, int id, byte[] property) =>
        [.. property[..2], 0x00, 0x80, .. set.ToByteArray(), .. Number(0), .. Number(id), .. property[4..]];

    /// <summary>RTF as it is without being packed (MS-OXRTFCP).</summary>
    public static byte[] Unpacked(string rtf)
    {
        var octets = Encoding.Latin1.GetBytes(rtf);
        return [.. Number(octets.Length + 12), .. Number(octets.Length), .. "MELA"u8, .. Number(0), .. octets];
    }

    /// <summary>RTF packed (MS-OXRTFCP section 3): one letter, and then so many references to 17 of it.</summary>
    public static byte[] Packed(string start, int references)
    {
        // Behind the words that every packed text may refer to.
        const int First = 207;
        var (at, tokens) = (First + start.Length, new List<(bool IsReference, byte[] Octets)>());
        tokens.AddRange(start.Select(letter => (false, new[] { (byte)letter })));
        for (var i = 0; i < references; i++)
        {
            tokens.Add((true, Reference((at - 1) % 4096, 17)));
            at += 17;
        }

        tokens.Add((true, Reference(at % 4096, 2)));
        byte[] packed =
        [
            .. tokens.Chunk(8).SelectMany(run => (byte[])
            [
                (byte)run.Select((token, bit) => token.IsReference ? 1 << bit : 0).Sum(),
                .. run.SelectMany(token => token.Octets),
            ]),
        ];
        return [.. Number(packed.Length + 12), .. Number(at - First), .. "LZFu"u8, .. Number((int)Crc(packed)), .. packed];

        static byte[] Reference(int offset, int length) => [(byte)(offset >> 4), (byte)((offset << 4) | (length - 2))];
    }

    /// <summary>The object with the right checksum behind every attribute that is still where its lengths say.</summary>
    public static byte[] WithChecksums(byte[] tnef)
    {
        byte[] mended = [.. tnef];
        var position = 6;
        while (position + 11 <= mended.Length && mended[position] is 1 or 2)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(mended.AsSpan(position + 5));
            if (length < 0 || length > mended.Length - position - 11)
            {
                break;
            }

            var sum = mended.AsSpan(position + 9, length).ToArray().Sum(octet => octet);
            BinaryPrimitives.WriteUInt16LittleEndian(mended.AsSpan(position + 9 + length), (ushort)sum);
            position += 11 + length;
        }

        return mended;
    }

    private static uint Crc(byte[] octets)
    {
        var crc = 0u;
        foreach (var octet in octets)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return crc;
    }

    private static byte[] Tag(int id, int type) => [(byte)type, (byte)(type >> 8), (byte)id, (byte)(id >> 8)];

    private static byte[] Number(int value) => BitConverter.GetBytes(value);
}
