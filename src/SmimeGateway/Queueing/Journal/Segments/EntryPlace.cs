namespace SmimeGateway.Queueing.Journal.Segments;

/// <summary>Where a message was written last.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="Offset">Where its frame begins there.</param>
internal sealed record EntryPlace(Segment Segment, long Offset)
{
    /// <summary>True when this was written before the other.</summary>
    public bool IsBefore(EntryPlace other) =>
        Segment == other.Segment ? Offset < other.Offset : Segment.Number < other.Segment.Number;
}
