using SmimeGateway.Queueing.Journal.Disk;

namespace SmimeGateway.Tests.Queueing;

/// <summary>A file of a <see cref="MemoryFolder"/>.</summary>
internal sealed class MemoryFile(MemoryFolder folder, string name, byte[] bytes) : IJournalFile
{
    private readonly List<(long Offset, byte[] Piece)> _unsafe = [];
    private byte[] _safe = bytes;
    private byte[] _bytes = bytes;
    private bool _hasFailed;

    public byte[] Bytes => _bytes;

    public long Length => _bytes.Length;

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> pieces, long offset)
    {
        lock (folder.Gate)
        {
            if (folder.Trouble(name, DiskCall.Write) is { } trouble)
            {
                var all = pieces.SelectMany(static piece => piece.ToArray()).ToArray();
                Put(offset, all[..Math.Min(all.Length, folder.BytesWrittenByFailingWrite)]);
                throw new IOException(trouble);
            }

            folder.Step();
            foreach (var piece in pieces)
            {
                var half = piece.Length / 2;
                Put(offset, piece[..half].ToArray());
                folder.Step();
                Put(offset + half, piece[half..].ToArray());
                offset += piece.Length;
            }

            folder.Step();
        }
    }

    public void Flush()
    {
        byte[] covered;
        int writes;
        lock (folder.Gate)
        {
            folder.Flushes++;
            _hasFailed.ShouldBeFalse("a file whose flush failed must never be flushed again: success would prove nothing");

            // What is written while it takes its time is not covered.
            covered = [.. _bytes];
            writes = _unsafe.Count;
        }

        var trouble = folder.Trouble(name, DiskCall.Flush);
        lock (folder.Gate)
        {
            if (trouble is not null)
            {
                _hasFailed = true;
                throw new IOException(trouble);
            }

            folder.Step();
            _safe = covered;
            _unsafe.RemoveRange(0, writes);
            folder.Step();
        }
    }

    public int Read(Span<byte> buffer, long offset)
    {
        lock (folder.Gate)
        {
            if (folder.Trouble(name, DiskCall.Read) is { } trouble)
            {
                throw new IOException(trouble);
            }

            var rest = _bytes.AsSpan((int)Math.Min(offset, _bytes.Length));
            rest = rest[..Math.Min(rest.Length, buffer.Length)];
            rest.CopyTo(buffer);
            return rest.Length;
        }
    }

    public void SetLength(long length)
    {
        lock (folder.Gate)
        {
            // Cutting is taken as safe at once: the queue never cuts what it still needs, so the worse case is the one to test.
            folder.Step();
            Array.Resize(ref _bytes, (int)length);
            Array.Resize(ref _safe, (int)length);
            folder.Step();
        }
    }

    public void Dispose()
    {
        // Files of memory have nothing to close.
    }

    public void Replace(byte[] changed) => _bytes = _safe = changed;

    /// <summary>The flushed bytes, and of each later write all, nothing, or the beginning.</summary>
    public byte[] AfterPowerCut(Random chance)
    {
        byte[] left = [.. _safe];
        foreach (var (offset, piece) in _unsafe)
        {
            var count = chance.Next(3) switch { 0 => 0, 1 => piece.Length, _ => chance.Next(piece.Length + 1) };
            count = (int)Math.Clamp(left.Length - offset, 0, count);
            piece.AsSpan(0, count).CopyTo(left.AsSpan((int)Math.Min(offset, left.Length)));
        }

        return left;
    }

    private void Put(long offset, byte[] piece)
    {
        if (offset + piece.Length > _bytes.Length)
        {
            folder.Demand(offset + piece.Length - _bytes.Length);
            Array.Resize(ref _bytes, (int)offset + piece.Length);
        }

        // A snapshot taken earlier keeps its own array.
        if (ReferenceEquals(_bytes, _safe))
        {
            _bytes = [.. _safe];
        }

        piece.CopyTo(_bytes, offset);
        _unsafe.Add((offset, piece));
    }
}
