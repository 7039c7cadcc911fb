using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;

namespace SmimeGateway.Accepting.Securing;

/// <summary>
/// Writes to a TLS stream. The framework's writer over a stream cancels a flush by cancelling the stream's write, which would leave half
/// a record behind; here, as with the plain pipe below, the octets are handed over and only the waiting ends.
/// </summary>
internal sealed class SecuredWriter(SslStream tls, PipeStream below, PipeWriter belowWriter) : PipeWriter
{
    private readonly ArrayBufferWriter<byte> _pending = new();

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _pending.WrittenCount;

    public override void Advance(int bytes) => _pending.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _pending.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _pending.GetSpan(sizeHint);

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_pending.WrittenCount > 0)
        {
            await tls.WriteAsync(_pending.WrittenMemory, CancellationToken.None);
            _pending.ResetWrittenCount();
            return new FlushResult(below.TakeFlushCanceled(), isCompleted: false);
        }

        // Nothing of ours is left, but what lies below may still be on its way.
        return await belowWriter.FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => belowWriter.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => _pending.Clear();
}
