namespace SmimeGateway.Queueing.Journal;

/// <summary>Where a message was written last.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="Offset">Where its frame begins there.</param>
internal sealed record EntryPlace(Segment Segment, long Offset);
