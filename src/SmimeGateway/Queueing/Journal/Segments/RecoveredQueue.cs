namespace SmimeGateway.Queueing.Journal.Segments;

/// <summary>What the folder of a queue held at the start.</summary>
/// <param name="QueueIdentity">The identity of the queue; new when the folder was empty.</param>
/// <param name="Segments">All readable segments, oldest first.</param>
/// <param name="Entries">The messages that have not ended, in the order of their acceptance, with where they are.</param>
/// <param name="SpareNumber">A spare that may be used again, or 0.</param>
/// <param name="NextNumber">Higher than the number of any segment there ever was.</param>
/// <param name="LastSequence">The highest number of any message in it.</param>
internal sealed record RecoveredQueue(
    Guid QueueIdentity, IReadOnlyList<Segment> Segments, IReadOnlyList<QueueEntry> Entries, long SpareNumber, long NextNumber,
    long LastSequence)
{
    /// <summary>Messages without content that were being written when the power went, and confirmed to nobody.</summary>
    public IReadOnlyList<long> Dropped { get; init; } = [];
}
