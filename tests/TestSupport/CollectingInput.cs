using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace SmimeGateway.TestSupport;

/// <summary>What a <see cref="CollectingSession"/> reads: lines, and octets of a stated number.</summary>
internal sealed class CollectingInput(Stream stream)
{
    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 65536, leaveOpen: true));

    /// <summary>True when a whole line is there already.</summary>
    public bool HasLine()
    {
        if (!_reader.TryRead(out var read))
        {
            return false;
        }

        var hasLine = read.Buffer.PositionOf((byte)'\n') is not null;
        _reader.AdvanceTo(read.Buffer.Start);
        return hasLine;
    }

    /// <summary>A line without its end, or null at the end of everything.</summary>
    public async Task<string?> ReadLineAsync() =>
        await ReadRawLineAsync() is { } line ? Encoding.UTF8.GetString(line).TrimEnd('\r', '\n') : null;

    /// <summary>A line with its end.</summary>
    public async Task<byte[]?> ReadRawLineAsync()
    {
        while (true)
        {
            var read = await _reader.ReadAsync();
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                return Take(read.Buffer, read.Buffer.GetPosition(1, end));
            }

            _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    /// <summary>So many octets.</summary>
    public async Task<byte[]?> ReadAsync(int count)
    {
        if (count == 0)
        {
            return [];
        }

        var read = await _reader.ReadAtLeastAsync(count);
        if (read.Buffer.Length < count)
        {
            _reader.AdvanceTo(read.Buffer.End);
            return null;
        }

        return Take(read.Buffer, read.Buffer.GetPosition(count));
    }

    private byte[] Take(ReadOnlySequence<byte> buffer, SequencePosition end)
    {
        var octets = buffer.Slice(0, end).ToArray();
        _reader.AdvanceTo(end);
        return octets;
    }
}
