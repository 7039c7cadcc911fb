using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace SmimeGateway.Accepting.Crowding;

/// <summary>Passes on what comes in, and notes since when nothing has.</summary>
internal sealed class WatchedReader(PipeReader inner, OpenConnection connection, TimeProvider time) : PipeReader
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        connection.Wait(time.GetTimestamp());
        var result = await inner.ReadAsync(cancellationToken);
        connection.Receive();
        return result;
    }

    public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);
}
