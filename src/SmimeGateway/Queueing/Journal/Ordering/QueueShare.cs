using SmimeGateway.Queueing.Journal.Frames;

namespace SmimeGateway.Queueing.Journal.Ordering;

/// <summary>
/// The recipients of a message that are tried together: those behind one route, and no more than go into one transaction. Most messages
/// have one share, with all of their recipients.
/// </summary>
/// <param name="entry">The message.</param>
/// <param name="members">Its recipients, by their places in the envelope; null for all of them.</param>
internal sealed class QueueShare(QueueEntry entry, RecipientSet? members)
{
    private int _turn;

    /// <summary>The message.</summary>
    public QueueEntry Entry => entry;

    /// <summary>Attempts that ended. After a restart all shares of a message begin with what was recorded last.</summary>
    public int Attempts { get; set; }

    /// <summary>True once the sender was told that these recipients are delayed.</summary>
    public bool IsDelayReported { get; set; }

    /// <summary>Where it stands or stood; guarded by the order.</summary>
    public RouteOrder? Order { get; set; }

    /// <summary>Where it stands in the order of delivery.</summary>
    public Turn Turn => (Turn)Volatile.Read(ref _turn);

    /// <summary>When it is due, by the monotonic clock, while it is deferred. Guarded by the order.</summary>
    public long Due { get; set; }

    /// <summary>The places of its recipients that a worker got; null for all of the message.</summary>
    public IReadOnlyList<int>? Tried { get; set; }

    /// <summary>True when it has all recipients of the message.</summary>
    public bool IsWhole => members is null;

    /// <summary>The places of its recipients that have not ended.</summary>
    public List<int> FindPending(RecipientSet ended)
    {
        var places = new List<int>(members is { } some ? some.Count : entry.Recipients);
        for (var place = 0; place < entry.Recipients; place++)
        {
            if (!ended.Contains(place) && members?.Contains(place) != false)
            {
                places.Add(place);
            }
        }

        return places;
    }

    /// <summary>Some of its recipients.</summary>
    public QueueShare Only(IEnumerable<int> places) =>
        new(entry, default(RecipientSet).With(places)) { Attempts = Attempts, IsDelayReported = IsDelayReported, Due = Due };

    /// <summary>Changes where it stands.</summary>
    public void ChangeTurn(Turn to) => Volatile.Write(ref _turn, (int)to);

    /// <summary>Notes that the worker that has it is about to record; false when nobody has it.</summary>
    public bool TryBeginRecording() =>
        Interlocked.CompareExchange(ref _turn, (int)Turn.Recording, (int)Turn.Taken) == (int)Turn.Taken;

    /// <summary>Gives it back to its worker, as nothing was recorded.</summary>
    public void CancelRecording() => Interlocked.CompareExchange(ref _turn, (int)Turn.Taken, (int)Turn.Recording);
}

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
