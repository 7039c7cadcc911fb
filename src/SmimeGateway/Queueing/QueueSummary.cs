namespace SmimeGateway.Queueing;

/// <summary>The queue at a glance.</summary>
/// <param name="Messages">Messages with at least one pending recipient.</param>
/// <param name="Recipients">Pending recipients.</param>
/// <param name="Oldest">When the oldest of them was accepted; null when the queue is empty.</param>
/// <param name="Bytes">Bytes of content that wait.</param>
public sealed record QueueSummary(int Messages, int Recipients, DateTimeOffset? Oldest, long Bytes)
{
    /// <summary>Messages that an administrator holds.</summary>
    public int Held { get; init; }

    /// <summary>Messages that were tried and wait for their time.</summary>
    public int Deferred { get; init; }

    /// <summary>Messages that wait for a certificate.</summary>
    public int Waiting { get; init; }

    /// <summary>Messages that a worker has at the moment.</summary>
    public int Active { get; init; }
}
