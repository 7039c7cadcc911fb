using System.IO.Pipelines;

namespace SmimeGateway.Accepting.Securing;

/// <summary>
/// The encrypted octets of a connection as a stream, which is what <see cref="System.Net.Security.SslStream"/> works on. The pipes stay
/// their owner's to complete.
/// </summary>
internal sealed class PipeStream(IDuplexPipe transport) : Stream
{
    /// <summary>True once a flush was cut short: its octets are in the pipe all the same, but the peer does not take them.</summary>
    public bool WasFlushCanceled { get; private set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Asks whether a flush was cut short since the last time, and forgets it.</summary>
    public bool TakeFlushCanceled()
    {
        var was = WasFlushCanceled;
        WasFlushCanceled = false;
        return was;
    }

    /// <summary>Reads; an empty buffer waits until there is something to read. Cancelling loses nothing.</summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var result = await transport.Input.ReadAsync(cancellationToken);
            var available = result.Buffer;
            if (!available.IsEmpty)
            {
                var length = (int)Math.Min(available.Length, buffer.Length);
                var taken = available.Slice(0, length);
                System.Buffers.BuffersExtensions.CopyTo(taken, buffer.Span);
                transport.Input.AdvanceTo(taken.End);
                return length;
            }

            transport.Input.AdvanceTo(available.End);
            if (result.IsCompleted)
            {
                return 0;
            }
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Not cancelled by the token: a record that is encrypted must go out, or all after it would be garbage to the peer.
        var result = await transport.Output.WriteAsync(buffer, CancellationToken.None);
        WasFlushCanceled |= result.IsCanceled;
        if (result.IsCompleted)
        {
            throw new IOException("the connection is closed");
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    // A session never blocks a thread.
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
