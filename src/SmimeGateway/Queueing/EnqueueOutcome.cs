namespace SmimeGateway.Queueing;

/// <summary>Whether a transaction was stored.</summary>
/// <param name="Ids">One id per message, or empty when nothing was taken.</param>
/// <param name="Refusal">Null when stored; else why not, for the log. The client hears 452 4.3.1.</param>
public sealed record EnqueueOutcome(IReadOnlyList<QueueId> Ids, string? Refusal)
{
    /// <summary>True when every message is durable.</summary>
    public bool IsStored => Refusal is null;
}

/// <summary>The queue at a glance.</summary>
/// <param name="Messages">Messages with at least one pending recipient.</param>
/// <param name="Recipients">Pending recipients.</param>
/// <param name="Oldest">When the oldest of them was accepted; null when the queue is empty.</param>
/// <param name="Bytes">Bytes of content that wait.</param>
public sealed record QueueSummary(int Messages, int Recipients, DateTimeOffset? Oldest, long Bytes);
