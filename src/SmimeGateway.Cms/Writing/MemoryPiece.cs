using System.Buffers;

namespace SmimeGateway.Cms.Writing;

/// <summary>A link of a <see cref="ReadOnlySequence{T}"/> made of memory that belongs to others.</summary>
internal sealed class MemoryPiece : ReadOnlySequenceSegment<byte>
{
    private MemoryPiece(ReadOnlyMemory<byte> memory, long runningIndex)
    {
        Memory = memory;
        RunningIndex = runningIndex;
    }

    /// <summary>All three in a row, without copying any.</summary>
    public static ReadOnlySequence<byte> Join(ReadOnlyMemory<byte> before, in ReadOnlySequence<byte> middle, ReadOnlyMemory<byte> after)
    {
        var first = new MemoryPiece(before, 0);
        var last = first;
        foreach (var piece in middle)
        {
            last = last.Append(piece);
        }

        last = last.Append(after);
        return new ReadOnlySequence<byte>(first, 0, last, after.Length);
    }

    private MemoryPiece Append(ReadOnlyMemory<byte> memory)
    {
        var next = new MemoryPiece(memory, RunningIndex + Memory.Length);
        Next = next;
        return next;
    }
}
