namespace SmimeGateway.Queueing.Journal;

/// <summary>
/// Whose turn it is. New messages go in the order they came, deferred ones in the order they are due, and the two take turns: neither a
/// backlog delays new mail nor does new mail starve the backlog.
/// </summary>
internal sealed class DueOrder : IDisposable
{
    /// <summary>Places in the order that count no more are cleared away once they are more than the others, and more than this.</summary>
    private const int StaleAtLeast = 1024;

    private readonly Lock _gate = new();

    // A message that was held, hurried or removed keeps its old place in these two; what its own turn says is what counts.
    private readonly Queue<QueueEntry> _fresh = new();
    private readonly PriorityQueue<QueueEntry, (long Due, long Sequence)> _deferred = new();
    private readonly LinkedList<TaskCompletionSource<QueueEntry>> _waiting = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private bool _isDeferredTurn;
    private bool _isDisposed;

    public DueOrder(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static order => ((DueOrder)order!).Serve(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many stand where.</summary>
    public TurnCounts Counts { get; } = new();

    /// <summary>Adds a message that was never tried.</summary>
    public void AddFresh(QueueEntry entry)
    {
        lock (_gate)
        {
            Refresh(entry);
        }
    }

    /// <summary>Adds a message that is due after a pause. The pause is measured by the monotonic clock, so a wall clock that jumps changes nothing.</summary>
    public void AddDeferred(QueueEntry entry, TimeSpan pause)
    {
        lock (_gate)
        {
            Defer(entry, pause);
        }
    }

    /// <summary>Takes a message that no worker has out of turn, for as long as it is held; one that a worker has stays with it.</summary>
    public void Hold(QueueEntry entry)
    {
        lock (_gate)
        {
            if (entry.Turn is not (Turn.Taken or Turn.Recording))
            {
                Counts.Move(entry, Turn.Held);
            }
        }
    }

    /// <summary>Puts a held message back: one that was never tried is due, another one after the pause.</summary>
    public void Release(QueueEntry entry, TimeSpan pause)
    {
        lock (_gate)
        {
            if (entry.Turn != Turn.Held)
            {
                return;
            }

            if (entry.State.Attempts > 0)
            {
                Defer(entry, pause);
            }
            else
            {
                Refresh(entry);
            }
        }
    }

    /// <summary>Makes a deferred message due at once; false for every other.</summary>
    public bool Hurry(QueueEntry entry)
    {
        lock (_gate)
        {
            if (entry.Turn != Turn.Deferred)
            {
                return false;
            }

            Defer(entry, TimeSpan.Zero);
            return true;
        }
    }

    /// <summary>Takes out a message that has ended.</summary>
    public void End(QueueEntry entry)
    {
        if (entry.Turn is Turn.Taken or Turn.Recording)
        {
            // It is its worker's alone, so nobody else can change its turn.
            Counts.Move(entry, Turn.Gone);
            return;
        }

        lock (_gate)
        {
            Counts.Move(entry, Turn.Gone);
        }
    }

    /// <summary>Takes out a message that was removed; a worker that has it keeps it until it records.</summary>
    public void Remove(QueueEntry entry)
    {
        lock (_gate)
        {
            if (entry.Turn is not (Turn.Taken or Turn.Recording))
            {
                Counts.Move(entry, Turn.Gone);
            }
        }
    }

    /// <summary>When a deferred message is due, by the wall clock.</summary>
    public DateTimeOffset DueTime(QueueEntry entry)
    {
        lock (_gate)
        {
            return _time.GetUtcNow() + TimeSpan.FromSeconds(Math.Max(0, entry.Due - _time.GetTimestamp()) / (double)_time.TimestampFrequency);
        }
    }

    /// <summary>Waits for a message that is due; the caller alone has it then.</summary>
    public ValueTask<QueueEntry> TakeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource<QueueEntry> waiter;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_waiting.Count == 0 && TryNext() is { } entry)
            {
                return ValueTask.FromResult(entry);
            }

            waiter = new TaskCompletionSource<QueueEntry>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.AddLast(waiter);
            Arm();
        }

        return WaitAsync(waiter, cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            foreach (var waiter in _waiting)
            {
                waiter.TrySetException(new ObjectDisposedException(nameof(DueOrder), "The queue is closed."));
            }

            _waiting.Clear();
        }

        _timer.Dispose();
    }

    private async ValueTask<QueueEntry> WaitAsync(TaskCompletionSource<QueueEntry> waiter, CancellationToken cancellationToken)
    {
        await using (cancellationToken.Register(() => Withdraw(waiter, cancellationToken)))
        {
            return await waiter.Task;
        }
    }

    private void Withdraw(TaskCompletionSource<QueueEntry> waiter, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // Not there any more: a message was handed to it already, and the caller gets that.
            if (_waiting.Remove(waiter))
            {
                waiter.TrySetCanceled(cancellationToken);
            }
        }
    }

    private void Serve()
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                HandOut();
            }
        }
    }

    private void Refresh(QueueEntry entry)
    {
        if (entry.IsHeld)
        {
            Counts.Move(entry, Turn.Held);
            return;
        }

        Counts.Move(entry, Turn.Fresh);
        _fresh.Enqueue(entry);
        HandOut();
    }

    private void Defer(QueueEntry entry, TimeSpan pause)
    {
        // Asked under the gate: whoever holds it sets this first, and then looks where it stands.
        if (entry.IsHeld)
        {
            Counts.Move(entry, Turn.Held);
            return;
        }

        var ticks = pause.TotalSeconds * _time.TimestampFrequency;
        entry.Due = _time.GetTimestamp() + (long)ticks;
        Counts.Move(entry, Turn.Deferred);
        if (_deferred.Count > (2 * (Counts.Deferred + Counts.Waiting)) + StaleAtLeast)
        {
            ClearStale();
        }

        _deferred.Enqueue(entry, (entry.Due, entry.Sequence));
        HandOut();
    }

    private void ClearStale()
    {
        var valid = _deferred.UnorderedItems.Where(static place => IsValid(place.Element, place.Priority.Due)).ToList();
        _deferred.Clear();
        _deferred.EnqueueRange(valid);
    }

    private static bool IsValid(QueueEntry entry, long due) => entry.Turn == Turn.Deferred && entry.Due == due;

    private void HandOut()
    {
        while (_waiting.First is { } first && TryNext() is { } entry)
        {
            _waiting.RemoveFirst();
            first.Value.SetResult(entry);
        }

        Arm();
    }

    private QueueEntry? TryNext()
    {
        while (_fresh.TryPeek(out var stale) && stale.Turn != Turn.Fresh)
        {
            _fresh.Dequeue();
        }

        while (_deferred.TryPeek(out var stale, out var place) && !IsValid(stale, place.Due))
        {
            _deferred.Dequeue();
        }

        var isDeferredDue = _deferred.TryPeek(out _, out var head) && head.Due <= _time.GetTimestamp();
        QueueEntry entry;
        if (isDeferredDue && (_isDeferredTurn || _fresh.Count == 0))
        {
            entry = _deferred.Dequeue();
            _isDeferredTurn = false;
        }
        else if (_fresh.TryDequeue(out var next))
        {
            entry = next;
            _isDeferredTurn = true;
        }
        else
        {
            return null;
        }

        Counts.Move(entry, Turn.Taken);
        return entry;
    }

    /// <summary>One timer for everybody: for the message that is due next, while somebody waits.</summary>
    private void Arm()
    {
        if (_waiting.Count == 0 || !_deferred.TryPeek(out _, out var head))
        {
            return;
        }

        // Rounded up, or the timer would fire just before the message is due and find nothing.
        var seconds = Math.Max(0, head.Due - _time.GetTimestamp()) / (double)_time.TimestampFrequency;
        var pause = TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(seconds * 1000) + 1, int.MaxValue));
        _timer.Change(pause, Timeout.InfiniteTimeSpan);
    }
}
