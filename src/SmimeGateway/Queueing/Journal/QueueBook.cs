namespace SmimeGateway.Queueing.Journal;

/// <summary>What waits in the queue, in memory. Only what the journal holds is entered, by the writer.</summary>
internal sealed class QueueBook(DueOrder order, long cacheBytes, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<QueueEntry> _byAge = new();
    private long _livingBytes;
    private long _cachedBytes;
    private long _contentBytes;
    private int _recipients;

    /// <summary>Roughly what the waiting messages need in their segments.</summary>
    public long LivingBytes => Interlocked.Read(ref _livingBytes);

    /// <summary>Content kept in memory.</summary>
    public long CachedBytes => Interlocked.Read(ref _cachedBytes);

    /// <summary>Makes memory show what a frame says that has been written.</summary>
    public void Apply(CommitRequest request)
    {
        for (var i = 0; i < request.Arriving.Count; i++)
        {
            Arrive(request.Arriving[i], request.Place!);
        }

        if (request.Attempted is { IsGone: false } attempted)
        {
            Progress(attempted, request.NewState);
        }

        for (var i = 0; i < request.Moving.Count; i++)
        {
            Move(request.Moving[i], request.Place!);
        }
    }

    /// <summary>Enters a message that an earlier run left.</summary>
    public void Restore(QueueEntry entry, EntryPlace place)
    {
        var age = TimeSpan.FromTicks(Math.Max(0, time.GetUtcNow().UtcTicks - entry.AcceptedTicks));
        entry.BornAt = time.GetTimestamp() - (long)(age.TotalSeconds * time.TimestampFrequency);
        Enter(entry, place);
        if (entry.State.Attempts == 0)
        {
            order.AddFresh(entry);
        }
        else
        {
            order.AddDeferred(entry, entry.State.Remaining(time.GetUtcNow()));
        }
    }

    /// <summary>How old a message is by both clocks: one that was set wrong, before the start or since, makes nothing older than it is.</summary>
    public TimeSpan AgeOf(QueueEntry entry)
    {
        var steady = time.GetElapsedTime(entry.BornAt);
        var wall = TimeSpan.FromTicks(Math.Max(0, time.GetUtcNow().UtcTicks - entry.AcceptedTicks));
        return steady < wall ? steady : wall;
    }

    /// <summary>Puts a message off without counting an attempt.</summary>
    public void Postpone(QueueEntry entry, TimeSpan pause)
    {
        entry.LetGo();
        order.AddDeferred(entry, pause);
    }

    /// <summary>The totals.</summary>
    public QueueSummary Summarize()
    {
        lock (_gate)
        {
            DateTimeOffset? oldest = _byAge.First is { } first ? new DateTimeOffset(first.Value.AcceptedTicks, TimeSpan.Zero) : null;
            return new QueueSummary(_byAge.Count, _recipients, oldest, _contentBytes);
        }
    }

    private void Arrive(QueueEntry entry, EntryPlace place)
    {
        if (_cachedBytes + entry.ContentLength <= cacheBytes)
        {
            Interlocked.Add(ref _cachedBytes, entry.ContentLength);
        }
        else
        {
            entry.Cached = null;
        }

        entry.BornAt = time.GetTimestamp();
        Enter(entry, place);
        order.AddFresh(entry);
    }

    private void Enter(QueueEntry entry, EntryPlace place)
    {
        entry.Place = place;
        place.Segment.Living.Add(entry);
        Interlocked.Add(ref _livingBytes, entry.SegmentBytes);
        lock (_gate)
        {
            entry.AgeNode = _byAge.AddLast(entry);
            _recipients += entry.PendingRecipients;
            _contentBytes += entry.ContentLength;
        }
    }

    private void Progress(QueueEntry entry, DeliveryState state)
    {
        var pendingBefore = entry.PendingRecipients;
        entry.State = state;
        var pending = entry.PendingRecipients;
        if (entry.Cached is not null)
        {
            // A deferred message waits for minutes at least; the memory serves those that arrive meanwhile.
            entry.Cached = null;
            Interlocked.Add(ref _cachedBytes, -entry.ContentLength);
        }

        lock (_gate)
        {
            _recipients -= pendingBefore - pending;
            if (pending == 0)
            {
                entry.IsGone = true;
                _byAge.Remove(entry.AgeNode!);
                entry.AgeNode = null;
                _contentBytes -= entry.ContentLength;
            }
        }

        if (pending == 0)
        {
            entry.Place!.Segment.Living.Remove(entry);
            Interlocked.Add(ref _livingBytes, -entry.SegmentBytes);
        }
        else
        {
            entry.LetGo();
            order.AddDeferred(entry, state.Remaining(time.GetUtcNow()));
        }
    }

    private static void Move(QueueEntry entry, EntryPlace place)
    {
        if (!entry.IsGone)
        {
            entry.Place!.Segment.Living.Remove(entry);
            entry.Place = place;
            place.Segment.Living.Add(entry);
        }
    }
}
