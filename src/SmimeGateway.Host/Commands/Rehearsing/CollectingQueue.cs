using SmimeGateway.Protecting;
using SmimeGateway.Queueing;

namespace SmimeGateway.Host.Commands.Rehearsing;

/// <summary>Stands where the queue would be while a message is only tried: keeps what arrives, and delivers nothing.</summary>
internal sealed class CollectingQueue : IMessageQueue
{
    private readonly List<ProtectedMessage> _collected = [];

    public IReadOnlyList<ProtectedMessage> Collected => _collected;

    public ValueTask<EnqueueOutcome> EnqueueAsync(IReadOnlyList<ProtectedMessage> messages, CancellationToken cancellationToken)
    {
        _collected.AddRange(messages);
        return ValueTask.FromResult(new EnqueueOutcome([.. messages.Select((_, number) => new QueueId($"TRIAL{number}"))], Refusal: null));
    }

    public IReadOnlyList<IRouteQueue> Divide(QueueDivision division) => throw new NotSupportedException("A trial is never delivered.");

    public void PutBack(QueuedMessage message) => throw new NotSupportedException("A trial is never delivered.");

    public ValueTask<IReadOnlyList<QueueId>> RecordAsync(QueuedMessage message, AttemptRecord attempt, CancellationToken cancellationToken) =>
        ValueTask.FromException<IReadOnlyList<QueueId>>(new NotSupportedException("A trial is never delivered."));

    public bool HasRoomFor(long messageBytes) => true;

    public QueueSummary Summarize() => new(0, 0, Oldest: null, 0);

    public ValueTask<IReadOnlyList<QueueListing>> ListAsync(QueueFilter filter, int limit, CancellationToken cancellationToken) =>
        ValueTask.FromException<IReadOnlyList<QueueListing>>(NothingToControl());

    public ValueTask<ReadOnlyMemory<byte>> ReadHeaderAsync(QueueId id, CancellationToken cancellationToken) =>
        ValueTask.FromException<ReadOnlyMemory<byte>>(NothingToControl());

    public ValueTask<ReadOnlyMemory<byte>> ReadSealedAsync(QueueId id, CancellationToken cancellationToken) =>
        ValueTask.FromException<ReadOnlyMemory<byte>>(NothingToControl());

    public ValueTask<IReadOnlyList<QueueId>> RetryAsync(QueueFilter filter, CancellationToken cancellationToken) =>
        ValueTask.FromException<IReadOnlyList<QueueId>>(NothingToControl());

    public ValueTask<IReadOnlyList<QueueId>> HoldAsync(QueueFilter filter, CancellationToken cancellationToken) =>
        ValueTask.FromException<IReadOnlyList<QueueId>>(NothingToControl());

    public ValueTask<IReadOnlyList<QueueId>> ReleaseAsync(QueueFilter filter, CancellationToken cancellationToken) =>
        ValueTask.FromException<IReadOnlyList<QueueId>>(NothingToControl());

    public ValueTask<IReadOnlyList<QueueId>> RemoveAsync(QueueFilter filter, CancellationToken cancellationToken) =>
        ValueTask.FromException<IReadOnlyList<QueueId>>(NothingToControl());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static NotSupportedException NothingToControl() => new("A trial is never queued.");
}
