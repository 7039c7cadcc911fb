using SmimeGateway.Queueing.Journal.Frames;
using SmimeGateway.Queueing.Journal.Ordering;
using SmimeGateway.Queueing.Journal.Segments;

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

    /// <summary>Makes memory show what a frame says that has been written.</summary>
    public void Apply(CommitRequest request)
    {
        for (var i = 0; i < request.Arriving.Count; i++)
        {
            Arrive(request.Arriving[i], request.Place!);
        }

        if (request.Attempted is { } attempted)
        {
            Progress(attempted, request);
        }

        if (request.Marking is { } marking)
        {
            Apply(marking);
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
        order.Add(entry, envelope: null, Remaining(entry));
    }

    /// <summary>How old a message is by both clocks: one that was set wrong, before the start or since, makes nothing older than it is.</summary>
    public TimeSpan AgeOf(QueueEntry entry)
    {
        var steady = time.GetElapsedTime(entry.BornAt);
        var wall = TimeSpan.FromTicks(Math.Max(0, time.GetUtcNow().UtcTicks - entry.AcceptedTicks));
        return steady < wall ? steady : wall;
    }

    /// <summary>Puts a share off without counting an attempt.</summary>
    public void Postpone(QueueShare share, TimeSpan pause) => order.Defer(share, pause);

    /// <summary>The totals.</summary>
    public QueueSummary Summarize()
    {
        lock (_gate)
        {
            DateTimeOffset? oldest = _byAge.First is { } first ? new DateTimeOffset(first.Value.AcceptedTicks, TimeSpan.Zero) : null;
            return new QueueSummary(_byAge.Count, _recipients, oldest, _contentBytes)
            {
                Held = order.Counts.Held,
                Deferred = order.Counts.Deferred,
                Waiting = order.Counts.Waiting,
                Active = order.Counts.Active,
            };
        }
    }

    /// <summary>The first messages, in the order of their acceptance, that fulfil a condition; it is asked while the writer waits.</summary>
    public List<QueueEntry> Select(Func<QueueEntry, bool> condition, int limit)
    {
        var found = new List<QueueEntry>();
        lock (_gate)
        {
            for (var node = _byAge.First; node is not null && found.Count < limit; node = node.Next)
            {
                if (condition(node.Value))
                {
                    found.Add(node.Value);
                }
            }
        }

        return found;
    }

    /// <summary>How far the delivery of a message has come; for those who do not have it.</summary>
    public DeliveryState StateOf(QueueEntry entry)
    {
        lock (_gate)
        {
            return entry.State;
        }
    }

    private TimeSpan Remaining(QueueEntry entry) => entry.State.Remaining(time.GetUtcNow());

    private void Apply(MarkRequest marking)
    {
        foreach (var entry in marking.Entries)
        {
            if (!entry.IsGone && TryMark(entry, marking.Mark))
            {
                marking.Done.Add(entry);
            }
        }
    }

    private bool TryMark(QueueEntry entry, QueueMark mark)
    {
        switch (mark)
        {
            case QueueMark.Remove:
                Remove(entry);
                return true;
            case QueueMark.Hold when !entry.IsHeld:
                entry.IsHeld = true;
                Uncache(entry);
                order.Hold(entry);
                return true;
            case QueueMark.Release when entry.IsHeld:
                entry.IsHeld = false;
                order.Release(entry, Remaining(entry));
                return true;
            default:
                return false;
        }
    }

    private void Arrive(QueueEntry entry, EntryPlace place)
    {
        var envelope = entry.Cached?.Envelope;

        // What has a file of its own is read block by block while it is sent, from where the system has kept it a moment ago.
        if (!entry.IsOwnFile && _cachedBytes + entry.ContentLength <= cacheBytes)
        {
            Interlocked.Add(ref _cachedBytes, entry.ContentLength);
        }
        else
        {
            entry.Cached = null;
        }

        entry.BornAt = time.GetTimestamp();
        Enter(entry, place);
        order.Add(entry, envelope, TimeSpan.Zero);
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

    private void Progress(QueueEntry entry, CommitRequest request)
    {
        var (state, share) = (request.NewState, request.Share);
        if (entry.IsGone)
        {
            // Removed while a worker had it, which has now recorded.
            End(share);
            return;
        }

        var pendingBefore = entry.PendingRecipients;
        var pending = entry.Recipients - state.Ended.Count;
        lock (_gate)
        {
            entry.State = state;
            _recipients -= pendingBefore - pending;
            if (pending == 0)
            {
                Strike(entry);
            }
        }

        if (pending == 0)
        {
            Uncache(entry);
            Vacate(entry);
            End(share);
            order.Remove(entry);
        }
        else if (share is { IsWhole: false } && share.FindPending(state.Ended).Count == 0)
        {
            End(share);
        }
        else
        {
            // A deferred message waits for minutes at least; the memory serves those that arrive meanwhile.
            Uncache(entry);
            share!.Attempts++;
            share.IsDelayReported |= request.IsDelayReported;
            order.Defer(share, request.Pause);
        }
    }

    private void End(QueueShare? share)
    {
        if (share is not null)
        {
            order.End(share);
        }
    }

    private void Remove(QueueEntry entry)
    {
        Uncache(entry);
        lock (_gate)
        {
            _recipients -= entry.PendingRecipients;
            Strike(entry);
        }

        Vacate(entry);
        order.Remove(entry);
    }

    /// <summary>Takes a message off the list; under the gate.</summary>
    private void Strike(QueueEntry entry)
    {
        entry.IsGone = true;
        _byAge.Remove(entry.AgeNode!);
        entry.AgeNode = null;
        _contentBytes -= entry.ContentLength;
    }

    /// <summary>Lets its segment go.</summary>
    private void Vacate(QueueEntry entry)
    {
        entry.Place!.Segment.Living.Remove(entry);
        Interlocked.Add(ref _livingBytes, -entry.SegmentBytes);
    }

    private void Uncache(QueueEntry entry)
    {
        if (entry.Cached is not null)
        {
            entry.Cached = null;
            Interlocked.Add(ref _cachedBytes, -entry.ContentLength);
        }
    }

    private static void Move(QueueEntry entry, EntryPlace place)
    {
        if (!entry.IsGone)
        {
            entry.Place!.Segment.Living.Remove(entry);
            if (entry.StatusPlace is { } status && status.IsBefore(place))
            {
                // The move took them along. An attempt recorded while it was flushed is newer.
                entry.StatusPlace = place;
            }

            entry.Place = place;
            place.Segment.Living.Add(entry);
        }
    }
}
