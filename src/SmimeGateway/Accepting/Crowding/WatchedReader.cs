using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace SmimeGateway.Accepting.Crowding;

/// <summary>Passes on what comes in, and notes how much, and since when nothing has.</summary>
internal sealed class WatchedReader(PipeReader inner, OpenConnection connection, TimeProvider time) : PipeReader
{
    private ReadOnlySequence<byte> _buffer;
    private long _left;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        connection.Wait(time.GetTimestamp());
        return Note(await inner.ReadAsync(cancellationToken));
    }

    public override bool TryRead(out ReadResult result)
    {
        var has = inner.TryRead(out result);
        if (has)
        {
            Note(result);
        }

        return has;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // What is left will be there again at the next look, and has been counted.
        _left = _buffer.Slice(consumed).Length;
        _buffer = default;
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private ReadResult Note(ReadResult result)
    {
        _buffer = result.Buffer;
        connection.Receive(_buffer.Length - _left);
        return result;
    }
}
