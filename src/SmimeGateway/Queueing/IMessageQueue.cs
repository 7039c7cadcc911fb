using SmimeGateway.Protecting;
using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing;

/// <summary>One recipient and what the attempt that just ended did for it.</summary>
/// <param name="Recipient">A recipient of the message taken.</param>
/// <param name="Status">Delivered and Failed end the recipient; Delayed keeps it.</param>
public sealed record RecipientProgress(EnvelopeRecipient Recipient, DeliveryStatus Status);

/// <summary>What an attempt to deliver came to, written down in one transaction with the messages that follow from it.</summary>
/// <param name="Recipients">One entry for each recipient that was handed out.</param>
/// <param name="NextAttempt">When the delayed recipients are due again; ignored when none is delayed.</param>
/// <param name="Successors">
/// Messages to queue in the same transaction: the bounce, or what a held message became, exists exactly when the original is gone.
/// </param>
public sealed record AttemptRecord(
    IReadOnlyList<RecipientProgress> Recipients, DateTimeOffset NextAttempt, IReadOnlyList<ProtectedMessage> Successors)
{
    /// <summary>
    /// True when nothing has happened outside yet, so that the queue may refuse the record for want of room. What has happened must be
    /// written down, however long that takes.
    /// </summary>
    public bool IsRefusable { get; init; }

    /// <summary>True when the sender was told of the delay, now or earlier; stays with the message over restarts.</summary>
    public bool IsDelayReported { get; init; }
}

/// <summary>
/// The durable queue: what it accepted is delivered, bounced, or still there, whatever is killed or unplugged.
/// </summary>
public interface IMessageQueue : IAsyncDisposable
{
    /// <summary>
    /// Stores all messages of one transaction durably, or none of them. When this returns ids, one per message and in their order,
    /// the bytes, the envelopes and their names survive a power cut: only now may the 250 be said.
    /// </summary>
    /// <returns>The ids, or the reason why nothing was taken (full, or the disk cannot be trusted).</returns>
    ValueTask<EnqueueOutcome> EnqueueAsync(IReadOnlyList<ProtectedMessage> messages, CancellationToken cancellationToken);

    /// <summary>
    /// Lays the content of a message down before its transaction is stored, so that one whose versions are too many for memory can be stored as a
    /// whole. It counts for nothing until then; a crash in between leaves nothing of it.
    /// </summary>
    /// <returns>The message to be stored: this one where the queue keeps all in memory.</returns>
    /// <exception cref="IOException">There is no room for it, or it cannot be written.</exception>
    ValueTask<ProtectedMessage> LayDownAsync(ProtectedMessage message, CancellationToken cancellationToken) => ValueTask.FromResult(message);

    /// <summary>Forgets what was laid down of messages that will not be stored.</summary>
    void Discard(IReadOnlyList<ProtectedMessage> messages)
    {
    }

    /// <summary>Divides what waits, and what comes, between routes. Who takes from an earlier division gets nothing more.</summary>
    /// <returns>One queue for each route, and behind them one for messages that wait for a certificate.</returns>
    IReadOnlyList<IRouteQueue> Divide(QueueDivision division);

    /// <summary>Takes back a message that was not tried. Nothing is recorded, and it goes before others that are due.</summary>
    void PutBack(QueuedMessage message);

    /// <summary>
    /// Records what an attempt came to, and releases the message: gone when no recipient is left, else due again at
    /// <see cref="AttemptRecord.NextAttempt"/>. Recipients that ended are never tried again. When successors are given, they and the
    /// removal are durable together.
    /// </summary>
    /// <returns>The ids of the successors, in their order.</returns>
    /// <exception cref="IOException">
    /// There was no room for a record that may be refused: nothing was recorded, the message is still this caller's, and what was laid down of
    /// the successors is forgotten. Where it fails in another way, the same record may be tried again.
    /// </exception>
    ValueTask<IReadOnlyList<QueueId>> RecordAsync(QueuedMessage message, AttemptRecord attempt, CancellationToken cancellationToken);

    /// <summary>
    /// Asked before a transaction begins: false when a message of this size could not be stored while keeping the reserve that
    /// draining needs, so that the client hears 452 before it sends the body.
    /// </summary>
    bool HasRoomFor(long messageBytes);

    /// <summary>How many messages wait, and since when the oldest does.</summary>
    QueueSummary Summarize();

    /// <summary>The first messages that a filter means, in the order of their acceptance.</summary>
    ValueTask<IReadOnlyList<QueueListing>> ListAsync(QueueFilter filter, int limit, CancellationToken cancellationToken);

    /// <summary>The header section of a message with its line ends, for an administrator to look at; empty when the message is gone or cannot be read.</summary>
    ValueTask<ReadOnlyMemory<byte>> ReadHeaderAsync(QueueId id, CancellationToken cancellationToken);

    /// <summary>A message that waits for a certificate, whole and sealed as it is; empty for every other, and when it is gone or cannot be read.</summary>
    ValueTask<ReadOnlyMemory<byte>> ReadSealedAsync(QueueId id, CancellationToken cancellationToken);

    /// <summary>Makes deferred messages due at once. Held ones stay held. A restart forgets it.</summary>
    /// <returns>The messages that were deferred.</returns>
    ValueTask<IReadOnlyList<QueueId>> RetryAsync(QueueFilter filter, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps messages from being tried until they are released; durable when it returns. An attempt under way ends and is recorded.
    /// </summary>
    /// <returns>The messages that were not held before.</returns>
    ValueTask<IReadOnlyList<QueueId>> HoldAsync(QueueFilter filter, CancellationToken cancellationToken);

    /// <summary>Lets held messages be tried again, at the time that was chosen before or at once when that has passed; durable when it returns.</summary>
    /// <returns>The messages that were held.</returns>
    ValueTask<IReadOnlyList<QueueId>> ReleaseAsync(QueueFilter filter, CancellationToken cancellationToken);

    /// <summary>
    /// Removes messages without a report to anybody; durable when it returns. An attempt under way ends, and may deliver; it is not repeated.
    /// </summary>
    /// <returns>The messages removed.</returns>
    ValueTask<IReadOnlyList<QueueId>> RemoveAsync(QueueFilter filter, CancellationToken cancellationToken);
}
