using System.Buffers.Binary;

namespace SmimeGateway.Queueing.Journal.Frames;

/// <summary>
/// The first bytes of a frame, which is what one transaction wrote: all of it counts or none. After the header come the entries and
/// then the contents that entries name, in their order.
/// </summary>
/// <param name="EntriesLength">Bytes of all entries.</param>
/// <param name="ContentsLength">Bytes of all contents.</param>
/// <param name="EntriesChecksum">CRC-32C of the entries; each of them states the checksum of its own content.</param>
internal readonly record struct FrameHeader(int EntriesLength, int ContentsLength, uint EntriesChecksum)
{
    /// <summary>Mark (8), length of the entries (4), of the contents (4), checksum of the entries (4), of these 20 bytes (4).</summary>
    public const int Size = 24;

    /// <summary>More than any frame has: larger transactions keep their contents in files of their own.</summary>
    public const int MaxFrameLength = 64 * 1024 * 1024;

    /// <summary>The whole frame.</summary>
    public long FrameLength => (long)Size + EntriesLength + ContentsLength;

    /// <summary>Writes the header over the first bytes of the frame.</summary>
    public void Encode(Span<byte> frame, ulong mark)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(frame, mark);
        BinaryPrimitives.WriteInt32LittleEndian(frame[8..], EntriesLength);
        BinaryPrimitives.WriteInt32LittleEndian(frame[12..], ContentsLength);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[16..], EntriesChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[20..], Crc32C.Of(frame[..20]));
    }

    /// <summary>Reads a header of the segment with this mark.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, ulong mark, out FrameHeader header)
    {
        header = default;
        if (bytes.Length < Size
            || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != mark
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]) != Crc32C.Of(bytes[..20]))
        {
            return false;
        }

        header = new FrameHeader(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]));
        return header.EntriesLength >= 0 && header.ContentsLength >= 0 && header.FrameLength <= MaxFrameLength;
    }
}
