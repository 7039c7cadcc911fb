using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;

namespace SmimeGateway.Host.Tests.Admin;

/// <summary>A queue that only lists: its messages are what a test gave it, and actions change their state.</summary>
internal sealed class ListedQueue : IMessageQueue
{
    public List<QueueListing> Listings { get; } = [];

    public void Add(
        string id, string sender, string recipient, QueueState state = QueueState.Deferred, DateTimeOffset? accepted = null, DeliveryStatus? status = null)
    {
        var to = new EnvelopeRecipient(PathOf(recipient));
        Listings.Add(new QueueListing(
            new QueueId(id), new Envelope(PathOf(sender), [to]), [new QueuedRecipient(to, status)], 1234, accepted ?? DateTimeOffset.UnixEpoch, state, 1, null));
    }

    public ValueTask<IReadOnlyList<QueueListing>> ListAsync(QueueFilter filter, int limit, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<QueueListing>>([.. Select(filter).Take(limit)]);

    public ValueTask<ReadOnlyMemory<byte>> ReadHeaderAsync(QueueId id, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ReadOnlyMemory<byte>>("Subject: hello\r\nX-Evil: \u001b[2J\r\n"u8.ToArray());

    public ValueTask<ReadOnlyMemory<byte>> ReadSealedAsync(QueueId id, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ReadOnlyMemory<byte>>(Listings.Any(listing => listing.Id == id && listing.Protection == Protection.Held)
            ? "Subject: hello\r\n\r\nsealed"u8.ToArray()
            : default);

    public ValueTask<IReadOnlyList<QueueId>> RetryAsync(QueueFilter filter, CancellationToken cancellationToken) =>
        ChangeAsync(filter, state => state == QueueState.Deferred ? QueueState.Fresh : null);

    public ValueTask<IReadOnlyList<QueueId>> HoldAsync(QueueFilter filter, CancellationToken cancellationToken) =>
        ChangeAsync(filter, state => state == QueueState.Held ? null : QueueState.Held);

    public ValueTask<IReadOnlyList<QueueId>> ReleaseAsync(QueueFilter filter, CancellationToken cancellationToken) =>
        ChangeAsync(filter, state => state == QueueState.Held ? QueueState.Deferred : null);

    public ValueTask<IReadOnlyList<QueueId>> RemoveAsync(QueueFilter filter, CancellationToken cancellationToken)
    {
        var removed = Select(filter).ToList();
        Listings.RemoveAll(removed.Contains);
        return ValueTask.FromResult<IReadOnlyList<QueueId>>([.. removed.Select(listing => listing.Id)]);
    }

    public ValueTask<EnqueueOutcome> EnqueueAsync(IReadOnlyList<ProtectedMessage> messages, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IReadOnlyList<IRouteQueue> Divide(QueueDivision division) => throw new NotSupportedException();

    public void PutBack(QueuedMessage message) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<QueueId>> RecordAsync(QueuedMessage message, AttemptRecord attempt, CancellationToken cancellationToken) => throw new NotSupportedException();

    public bool HasRoomFor(long messageBytes) => true;

    public QueueSummary Summarize() => new(Listings.Count, Listings.Count, null, 0);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static MailPath PathOf(string address) => MailPath.TryParse(address, out var path) ? path : MailPath.Null;

    private IEnumerable<QueueListing> Select(QueueFilter filter) => Listings.Where(listing =>
        (filter.Ids.Count == 0 || filter.Ids.Contains(listing.Id))
        && filter.Sender?.Invoke(listing.Envelope.ReversePath) != false
        && (filter.Recipient is null || listing.Recipients.Any(pending => filter.Recipient(pending.Recipient.Path)))
        && (filter.AcceptedBefore is null || listing.Accepted < filter.AcceptedBefore)
        && (filter.State is null || listing.State == filter.State));

    private ValueTask<IReadOnlyList<QueueId>> ChangeAsync(QueueFilter filter, Func<QueueState, QueueState?> change)
    {
        var changed = new List<QueueId>();
        foreach (var listing in Select(filter).ToList())
        {
            if (change(listing.State) is { } state)
            {
                Listings[Listings.IndexOf(listing)] = listing with { State = state };
                changed.Add(listing.Id);
            }
        }

        return ValueTask.FromResult<IReadOnlyList<QueueId>>(changed);
    }
}
