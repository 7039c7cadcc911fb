using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace SmimeGateway.Accepting.Crowding;

/// <summary>
/// Passes on what comes in, notes when and how much, and reads on in a message only while there is memory for it: what is not read waits
/// in the network.
/// </summary>
internal sealed class WatchedReader(PipeReader inner, OpenConnection connection, MessageMemory memory, TimeProvider time) : PipeReader
{
    private ReadOnlySequence<byte> _buffer;
    private long _left;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (memory.IsShort(connection.Octets) && !await memory.GrowAsync(connection.Octets))
        {
            connection.Abort("there was no memory for the rest of its message");
        }

        connection.Wait(time.GetTimestamp());
        return Note(await inner.ReadAsync(cancellationToken));
    }

    public override bool TryRead(out ReadResult result)
    {
        var has = inner.TryRead(out result);
        result = has ? Note(result) : result;
        return has;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
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
