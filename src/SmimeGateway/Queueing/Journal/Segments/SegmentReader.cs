using System.Buffers.Binary;
using SmimeGateway.Queueing.Journal.Disk;
using SmimeGateway.Queueing.Journal.Frames;

namespace SmimeGateway.Queueing.Journal.Segments;

/// <summary>Reads a segment back: every intact frame in order, and where something else is in between or behind.</summary>
internal static class SegmentReader
{
    /// <summary>Walks over the frames of a segment.</summary>
    /// <param name="bytes">The segment.</param>
    /// <param name="mark">The mark of the segment.</param>
    /// <param name="end">Where its last confirmed frame ends, or null when that was never written down.</param>
    /// <param name="frame">Called for each intact frame with its offset, its whole length and its entries.</param>
    /// <param name="damage">Called for each stretch of bytes that is no frame, with its offset, its length and what is the matter.</param>
    /// <returns>Where the last intact frame ends.</returns>
    public static long Read(
        ReadOnlySpan<byte> bytes, ulong mark, long? end, Action<long, long, IReadOnlyList<JournalEntry>> frame,
        Action<long, long, DamageKind> damage)
    {
        var limit = (int)Math.Min(bytes.Length, end ?? bytes.Length);
        var position = Math.Min(SegmentHeader.Size, limit);
        while (position < limit)
        {
            if (TryReadFrame(bytes[position..limit], mark, out var length, out var entries))
            {
                frame(position, length, entries!);
                position += length;
                continue;
            }

            var next = FindFrame(bytes[..limit], mark, position + 1);
            if (next < 0)
            {
                break;
            }

            damage(position, next - position, DamageKind.InTheMiddle);
            position = next;
        }

        var tail = bytes[position..limit];
        var tailLength = tail.LastIndexOfAnyExcept((byte)0) + 1;
        if (end is { } promised)
        {
            // The next segment says that confirmed frames reach further than what could be read.
            if (position < promised)
            {
                damage(position, tailLength, DamageKind.EndMissing);
            }
        }
        else if (tailLength > 0)
        {
            damage(position, tailLength, DamageKind.TornTail);
        }

        return position;
    }

    /// <summary>Checks the frame at the start of the bytes, contents aside.</summary>
    private static bool TryReadFrame(ReadOnlySpan<byte> bytes, ulong mark, out int length, out IReadOnlyList<JournalEntry>? entries)
    {
        length = 0;
        entries = null;
        if (!FrameHeader.TryDecode(bytes, mark, out var header) || header.FrameLength > bytes.Length)
        {
            return false;
        }

        entries = FrameDecoder.Decode(header, bytes.Slice(FrameHeader.Size, header.EntriesLength));
        length = (int)header.FrameLength;
        return entries is not null;
    }

    /// <summary>The next place where an intact frame begins, or -1. The mark is random, so a false find costs nothing worth counting.</summary>
    private static int FindFrame(ReadOnlySpan<byte> bytes, ulong mark, int from)
    {
        Span<byte> wanted = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(wanted, mark);
        while (from < bytes.Length)
        {
            var found = bytes[from..].IndexOf(wanted);
            if (found < 0)
            {
                return -1;
            }

            from += found;
            if (TryReadFrame(bytes[from..], mark, out _, out _))
            {
                return from;
            }

            from++;
        }

        return -1;
    }
}
