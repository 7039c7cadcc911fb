namespace SmimeGateway.Queueing.Journal;

/// <summary>Where a share stands in the order of delivery. A message with several stands where the greatest of theirs does.</summary>
internal enum Turn
{
    /// <summary>It is not in the order, or has left it.</summary>
    None = 0,

    /// <summary>It is due at its time.</summary>
    Deferred,

    /// <summary>It was never tried, and is due.</summary>
    Fresh,

    /// <summary>An administrator holds it.</summary>
    Held,

    /// <summary>A worker has it.</summary>
    Taken,

    /// <summary>The worker that had it is recording what came of it.</summary>
    Recording,
}
