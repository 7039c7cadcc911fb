using System.Buffers;

namespace SmimeGateway.Cms.Tests;

/// <summary>Content in several pieces of memory.</summary>
internal static class Sequences
{
    public static ReadOnlySequence<byte> Cut(byte[] content, int pieceLength)
    {
        var first = new Piece(content.AsMemory(0, Math.Min(pieceLength, content.Length)), null);
        var last = first;
        for (var at = pieceLength; at < content.Length; at += pieceLength)
        {
            last = new Piece(content.AsMemory(at, Math.Min(pieceLength, content.Length - at)), last);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
