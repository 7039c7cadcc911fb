using System.Buffers.Binary;
using SmimeGateway.Queueing.Journal.Frames;

namespace SmimeGateway.Queueing.Journal.Segments;

/// <summary>
/// The first bytes of a segment: which queue and which place in it, the mark that every frame of this segment starts with, and where
/// the segment before it ends. Frames of the earlier segment beyond that end were never confirmed to anybody and count for nothing.
/// </summary>
/// <param name="QueueIdentity">The queue it belongs to.</param>
/// <param name="Number">Segments are numbered upwards; the highest is written to.</param>
/// <param name="Mark">Random, so that no message can contain something that reads like a frame of this segment.</param>
/// <param name="Allocated">The length of the file while it is written to.</param>
/// <param name="PreviousNumber">The segment that was written to before, 0 for none.</param>
/// <param name="PreviousEnd">Where its last confirmed frame ends.</param>
internal sealed record SegmentHeader(
    Guid QueueIdentity, long Number, ulong Mark, long Allocated, long PreviousNumber, long PreviousEnd)
{
    /// <summary>Where frames begin. The header is there twice, so that one damaged sector does not make the segment unreadable.</summary>
    public const int Size = 1024;

    /// <summary>The format that this release writes; it reads this one and every earlier one.</summary>
    public const uint FormatVersion = 2;

    private const int SecondCopy = 512;
    private const int CopyLength = 76;

    private static ReadOnlySpan<byte> Magic => "SMGQUEUE"u8;

    /// <summary>The header as it is written, both copies.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[Size];
        var copy = bytes.AsSpan(0, CopyLength);

        // These three and the checksum at the end keep their places in every later format: they are how an older release
        // recognises that a newer one was here.
        Magic.CopyTo(copy);
        BinaryPrimitives.WriteUInt32LittleEndian(copy[8..], FormatVersion);
        BinaryPrimitives.WriteInt32LittleEndian(copy[12..], CopyLength);

        QueueIdentity.TryWriteBytes(copy[16..]);
        BinaryPrimitives.WriteInt64LittleEndian(copy[32..], Number);
        BinaryPrimitives.WriteUInt64LittleEndian(copy[40..], Mark);
        BinaryPrimitives.WriteInt64LittleEndian(copy[48..], Allocated);
        BinaryPrimitives.WriteInt64LittleEndian(copy[56..], PreviousNumber);
        BinaryPrimitives.WriteInt64LittleEndian(copy[64..], PreviousEnd);
        BinaryPrimitives.WriteUInt32LittleEndian(copy[72..], Crc32C.Of(copy[..72]));
        copy.CopyTo(bytes.AsSpan(SecondCopy));
        return bytes;
    }

    /// <summary>Reads whichever copy is intact.</summary>
    /// <param name="start">The first <see cref="Size"/> bytes of the segment, or fewer when it is shorter.</param>
    /// <param name="header">The header.</param>
    /// <param name="version">The format that an intact copy states; 0 when neither is intact.</param>
    /// <param name="isWhole">True when both copies are intact and alike.</param>
    /// <returns>False when no copy is intact, or its format is not known to this release.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> start, out SegmentHeader? header, out uint version, out bool isWhole)
    {
        var first = TryDecodeCopy(start, out header, out version);
        var second = TryDecodeCopy(start.Length > SecondCopy ? start[SecondCopy..] : [], out var other, out var otherVersion);
        isWhole = first && second && header == other;
        header ??= other;
        version = Math.Max(version, otherVersion);
        return header is not null && version <= FormatVersion;
    }

    private static bool TryDecodeCopy(ReadOnlySpan<byte> copy, out SegmentHeader? header, out uint version)
    {
        header = null;
        version = 0;
        if (copy.Length < CopyLength || !copy.StartsWith(Magic))
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(copy[12..]);
        if (length < 20 || length > SecondCopy || length > copy.Length
            || BinaryPrimitives.ReadUInt32LittleEndian(copy[(length - 4)..]) != Crc32C.Of(copy[..(length - 4)]))
        {
            return false;
        }

        version = BinaryPrimitives.ReadUInt32LittleEndian(copy[8..]);
        if (version is 0 or > FormatVersion || length != CopyLength)
        {
            return false;
        }

        header = new SegmentHeader(
            new Guid(copy.Slice(16, 16)),
            BinaryPrimitives.ReadInt64LittleEndian(copy[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(copy[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(copy[48..]),
            BinaryPrimitives.ReadInt64LittleEndian(copy[56..]),
            BinaryPrimitives.ReadInt64LittleEndian(copy[64..]));
        return true;
    }
}
