using SmimeGateway.Protecting;
using SmimeGateway.Queueing;

namespace SmimeGateway.Tests;

/// <summary>Keeps what the message path hands over, or refuses it when told to be full.</summary>
internal sealed class CollectingQueue : IMessageQueue, IDisposable
{
    public List<ProtectedMessage> Collected { get; } = [];

    public string? Refusal { get; set; }

    /// <summary>What breaks when a message arrives; null for nothing.</summary>
    public Exception? Trouble { get; set; }

    public ValueTask<EnqueueOutcome> EnqueueAsync(IReadOnlyList<ProtectedMessage> messages, CancellationToken cancellationToken)
    {
        if (Trouble is not null)
        {
            throw Trouble;
        }

        if (Refusal is not null)
        {
            return ValueTask.FromResult(new EnqueueOutcome([], Refusal));
        }

        Collected.AddRange(messages);
        return ValueTask.FromResult(new EnqueueOutcome([.. messages.Select((_, number) => new QueueId($"Q{number}"))], null));
    }

    public IReadOnlyList<IRouteQueue> Divide(QueueDivision division) => throw new NotSupportedException();

    public void PutBack(QueuedMessage message) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<QueueId>> RecordAsync(QueuedMessage message, AttemptRecord attempt, CancellationToken cancellationToken) => throw new NotSupportedException();

    public bool HasRoomFor(long messageBytes) => Refusal is null;

    public QueueSummary Summarize() => new(Collected.Count, 0, null, 0);

    public ValueTask<IReadOnlyList<QueueListing>> ListAsync(QueueFilter filter, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<ReadOnlyMemory<byte>> ReadHeaderAsync(QueueId id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<ReadOnlyMemory<byte>> ReadSealedAsync(QueueId id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<QueueId>> RetryAsync(QueueFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<QueueId>> HoldAsync(QueueFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<QueueId>> ReleaseAsync(QueueFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<QueueId>> RemoveAsync(QueueFilter filter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public void Dispose() => Collected.Clear();

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
