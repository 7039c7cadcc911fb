using System.Buffers;
using System.Runtime.InteropServices;

namespace SmimeGateway.Mime.Structure;

/// <summary>Puts a content together from slices of what came and from new bytes, without copying; neighbours become one piece.</summary>
internal sealed class BytePieces
{
    private static readonly byte[] LineEnd = [(byte)'\r', (byte)'\n'];

    private readonly List<ReadOnlyMemory<byte>> _pieces = [];

    /// <summary>How many octets there are.</summary>
    public long Length { get; private set; }

    public void Add(ReadOnlyMemory<byte> piece)
    {
        Length += piece.Length;
        if (piece.IsEmpty)
        {
            return;
        }

        if (_pieces.Count > 0 && TryJoin(_pieces[^1], piece, out var joined))
        {
            _pieces[^1] = joined;
            return;
        }

        _pieces.Add(piece);
    }

    /// <summary>Adds a field as it came, with a line end where the message broke off before it.</summary>
    public void AddField(HeaderField field)
    {
        Add(field.Raw);
        if (!field.Raw.Span.EndsWith((byte)'\n'))
        {
            AddLineEnd();
        }
    }

    public void AddLineEnd() => Add(LineEnd);

    public ReadOnlySequence<byte> ToSequence()
    {
        if (_pieces.Count <= 1)
        {
            return _pieces.Count == 0 ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(_pieces[0]);
        }

        var first = new Segment(_pieces[0], 0);
        var last = first;
        for (var i = 1; i < _pieces.Count; i++)
        {
            last = last.Append(_pieces[i]);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private static bool TryJoin(ReadOnlyMemory<byte> left, ReadOnlyMemory<byte> right, out ReadOnlyMemory<byte> joined)
    {
        joined = default;
        if (!MemoryMarshal.TryGetArray(left, out var first)
            || !MemoryMarshal.TryGetArray(right, out var second)
            || first.Array != second.Array
            || first.Offset + first.Count != second.Offset)
        {
            return false;
        }

        joined = first.Array.AsMemory(first.Offset, first.Count + second.Count);
        return true;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
