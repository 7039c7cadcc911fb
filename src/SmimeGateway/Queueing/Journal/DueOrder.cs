namespace SmimeGateway.Queueing.Journal;

/// <summary>
/// Whose turn it is. New messages go in the order they came, deferred ones in the order they are due, and the two take turns: neither a
/// backlog delays new mail nor does new mail starve the backlog.
/// </summary>
internal sealed class DueOrder : IDisposable
{
    private readonly Lock _gate = new();
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

    /// <summary>Adds a message that was never tried.</summary>
    public void AddFresh(QueueEntry entry)
    {
        lock (_gate)
        {
            _fresh.Enqueue(entry);
            HandOut();
        }
    }

    /// <summary>Adds a message that is due after a pause. The pause is measured by the monotonic clock, so a wall clock that jumps changes nothing.</summary>
    public void AddDeferred(QueueEntry entry, TimeSpan pause)
    {
        lock (_gate)
        {
            var ticks = pause.TotalSeconds * _time.TimestampFrequency;
            _deferred.Enqueue(entry, (_time.GetTimestamp() + (long)ticks, entry.Sequence));
            HandOut();
        }
    }

    /// <summary>Waits for a message that is due; the caller holds it.</summary>
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
        while (true)
        {
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

            if (!entry.IsGone)
            {
                entry.Hold();
                return entry;
            }
        }
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
