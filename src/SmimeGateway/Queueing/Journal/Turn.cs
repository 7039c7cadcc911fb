namespace SmimeGateway.Queueing.Journal;

/// <summary>Where a message stands in the order of delivery.</summary>
internal enum Turn
{
    /// <summary>It is not in the order yet.</summary>
    None = 0,

    /// <summary>It was never tried, and is due.</summary>
    Fresh,

    /// <summary>It is due at its time.</summary>
    Deferred,

    /// <summary>An administrator holds it.</summary>
    Held,

    /// <summary>A worker has it.</summary>
    Taken,

    /// <summary>The worker that had it is recording what came of it.</summary>
    Recording,

    /// <summary>It has left the queue.</summary>
    Gone,
}
