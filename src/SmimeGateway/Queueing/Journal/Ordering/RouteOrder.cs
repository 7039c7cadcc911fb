namespace SmimeGateway.Queueing.Journal.Ordering;

/// <summary>
/// Whose turn it is behind one route. New messages go in the order they came, deferred ones in the order they are due, and the two take
/// turns: neither a backlog delays new mail nor does new mail starve the backlog. Only <see cref="DueOrder"/> uses it, under its gate.
/// </summary>
internal sealed class RouteOrder : IDisposable
{
    /// <summary>Places in the order that count no more are cleared away once they are more than the others, and more than this.</summary>
    private const int StaleAtLeast = 1024;

    /// <summary>How often a route that rests is looked through for mail whose sender must hear of the delay.</summary>
    private static readonly TimeSpan OverduePause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate;
    private readonly TimeProvider _time;
    private readonly TurnCounts _counts;
    private readonly TimeSpan _interval;
    private readonly Func<QueueShare, bool> _isOverdue;
    private readonly ITimer _timer;

    // A share that was held, hurried or removed keeps its old place in these; what its own turn says is what counts.
    private readonly Queue<QueueShare> _returned = new();
    private readonly Queue<QueueShare> _fresh = new();
    private readonly PriorityQueue<QueueShare, (long Due, long Sequence)> _deferred = new();
    private readonly LinkedList<TaskCompletionSource<QueueShare>> _waiting = new();
    private bool _isDeferredTurn;
    private long _earliest;
    private long _nextOverdue;
    private long? _busySince;
    private int _permits;

    /// <param name="gate">Guards all orders of a queue.</param>
    /// <param name="counts">Counts all shares of a queue.</param>
    /// <param name="interval">The least time between two shares handed out.</param>
    /// <param name="isOverdue">True for a share that has to be tried even though its route rests.</param>
    /// <param name="time">The clock.</param>
    public RouteOrder(Lock gate, TurnCounts counts, TimeSpan interval, Func<QueueShare, bool> isOverdue, TimeProvider time)
    {
        _gate = gate;
        _time = time;
        _counts = counts;
        _interval = interval;
        _isOverdue = isOverdue;
        _timer = time.CreateTimer(static order => ((RouteOrder)order!).Serve(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>True once other orders have taken its place.</summary>
    public bool IsRetired { get; private set; }

    /// <summary>True while it hands out only what is overdue.</summary>
    public bool IsResting { get; private set; }

    /// <summary>How many shares wait here, held ones among them.</summary>
    public int Count { get; private set; }

    /// <summary>How long something has been due with nobody free to take it; null when somebody is.</summary>
    public TimeSpan? BusyFor => _busySince is { } since && IsSomethingDue() ? _time.GetElapsedTime(since) : null;

    /// <summary>Adds a share that is due; one that its worker gave back untried comes before the others.</summary>
    public void Add(QueueShare share, bool isReturned = false)
    {
        Enter(share, Turn.Fresh);
        if (share.Turn == Turn.Fresh)
        {
            (isReturned ? _returned : _fresh).Enqueue(share);
            HandOut();
        }
    }

    /// <summary>Adds a share that is due at its time.</summary>
    public void AddDeferred(QueueShare share)
    {
        Enter(share, Turn.Deferred);
        if (share.Turn == Turn.Deferred)
        {
            if (_deferred.Count > (2 * Count) + StaleAtLeast)
            {
                ClearStale();
            }

            _deferred.Enqueue(share, (share.Due, share.Entry.Sequence));
            HandOut();
        }
    }

    /// <summary>Takes a share that no worker has out of turn, for as long as its message is held.</summary>
    public void Hold(QueueShare share) => Move(share, Turn.Held);

    /// <summary>Notes that a share left.</summary>
    public void Leave(QueueShare share, Turn to)
    {
        if (IsWaiting(share.Turn))
        {
            Count--;
        }

        Move(share, to);
    }

    /// <summary>Hands over a share that is due, or somebody who waits for one.</summary>
    public QueueShare? Take(out TaskCompletionSource<QueueShare>? waiter)
    {
        waiter = null;
        if (_waiting.Count == 0 && TryNext() is { } share)
        {
            return share;
        }

        waiter = new TaskCompletionSource<QueueShare>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.AddLast(waiter);
        _busySince = null;
        Arm();
        return null;
    }

    /// <summary>True when the waiter went without a share.</summary>
    public bool Withdraw(TaskCompletionSource<QueueShare> waiter)
    {
        if (!_waiting.Remove(waiter))
        {
            // A share was handed over already, and the caller gets that.
            return false;
        }

        NoteBusy();
        return true;
    }

    /// <summary>Hands out no more than what is overdue, until it goes on.</summary>
    public void Rest()
    {
        IsResting = true;
        _permits = 0;
        Arm();
    }

    /// <summary>Goes on handing out.</summary>
    public void GoOn()
    {
        IsResting = false;
        HandOut();
    }

    /// <summary>Hands out one share although it rests.</summary>
    public void AdmitOne()
    {
        _permits = 1;
        HandOut();
    }

    /// <summary>Gives up all shares that wait for their turn, and ends the waits of those who wait for one.</summary>
    public List<QueueShare> Retire()
    {
        IsRetired = true;
        List<QueueShare> left =
        [
            .. _returned.Concat(_fresh).Where(IsFreshHere).Distinct(),
            .. _deferred.UnorderedItems.Where(place => IsDeferredHere(place.Element, place.Priority.Due)).Select(static place => place.Element).Distinct(),
        ];
        _returned.Clear();
        _fresh.Clear();
        _deferred.Clear();
        Dispose();
        return left;
    }

    /// <summary>Ends everybody's wait.</summary>
    public void Dispose()
    {
        foreach (var waiter in _waiting)
        {
            waiter.TrySetException(new ObjectDisposedException(nameof(RouteOrder), "The queue is closed, or divided anew."));
        }

        _waiting.Clear();
        _timer.Dispose();
    }

    private static bool IsWaiting(Turn turn) => turn is Turn.Fresh or Turn.Deferred or Turn.Held;

    private void Enter(QueueShare share, Turn turn)
    {
        if (share.Order != this || !IsWaiting(share.Turn))
        {
            if (share.Order is { } former && former != this && IsWaiting(share.Turn))
            {
                former.Count--;
            }

            Count++;
        }

        share.Order = this;

        // Asked under the gate: whoever holds a message sets this first, and then looks where its shares stand.
        Move(share, share.Entry.IsHeld ? Turn.Held : turn);
    }

    private void Move(QueueShare share, Turn to)
    {
        var before = share.Entry.Turn;
        share.ChangeTurn(to);
        _counts.Move(share.Entry, before, share.Entry.Turn);
    }

    private void Serve()
    {
        lock (_gate)
        {
            if (!IsRetired)
            {
                HandOut();
            }
        }
    }

    private void HandOut()
    {
        while (_waiting.First is { } first && TryNext() is { } share)
        {
            _waiting.RemoveFirst();
            first.Value.SetResult(share);
        }

        NoteBusy();
        Arm();
    }

    private void NoteBusy()
    {
        if (_waiting.Count > 0)
        {
            _busySince = null;
        }
        else
        {
            _busySince ??= _time.GetTimestamp();
        }
    }

    private bool IsFreshHere(QueueShare share) => share.Turn == Turn.Fresh && share.Order == this;

    private bool IsDeferredHere(QueueShare share, long due) => share.Turn == Turn.Deferred && share.Order == this && share.Due == due;

    private void ClearStale()
    {
        var valid = _deferred.UnorderedItems.Where(place => IsDeferredHere(place.Element, place.Priority.Due)).ToList();
        _deferred.Clear();
        _deferred.EnqueueRange(valid);
    }

    private void DropStale()
    {
        while (_returned.TryPeek(out var stale) && !IsFreshHere(stale))
        {
            _returned.Dequeue();
        }

        while (_fresh.TryPeek(out var stale) && !IsFreshHere(stale))
        {
            _fresh.Dequeue();
        }

        while (_deferred.TryPeek(out var stale, out var place) && !IsDeferredHere(stale, place.Due))
        {
            _deferred.Dequeue();
        }
    }

    private bool IsSomethingDue()
    {
        DropStale();
        return !IsResting && (_returned.Count > 0 || _fresh.Count > 0 || IsDeferredDue(_time.GetTimestamp()));
    }

    private bool IsDeferredDue(long now) => _deferred.TryPeek(out _, out var head) && head.Due <= now;

    private QueueShare? TryNext()
    {
        var now = _time.GetTimestamp();
        DropStale();
        if (IsResting && _permits == 0)
        {
            return TakeOverdue(now);
        }

        if (now < _earliest)
        {
            return null;
        }

        var share = TakeNext(now);
        if (share is null)
        {
            return null;
        }

        if (IsResting)
        {
            _permits--;
        }

        if (_interval > TimeSpan.Zero)
        {
            _earliest = Math.Max(now, _earliest) + (long)(_interval.TotalSeconds * _time.TimestampFrequency);
        }

        Leave(share, Turn.Taken);
        return share;
    }

    private QueueShare? TakeNext(long now)
    {
        var isDeferredDue = IsDeferredDue(now);
        if (isDeferredDue && (_isDeferredTurn || _returned.Count + _fresh.Count == 0))
        {
            _isDeferredTurn = false;
            return _deferred.Dequeue();
        }

        if (_returned.TryDequeue(out var share) || _fresh.TryDequeue(out share))
        {
            _isDeferredTurn = true;
            return share;
        }

        return null;
    }

    /// <summary>Goes through all of them, which is why it is done once a minute at most, and only while the route rests.</summary>
    private QueueShare? TakeOverdue(long now)
    {
        if (now < _nextOverdue)
        {
            return null;
        }

        var found = _returned.Concat(_fresh).FirstOrDefault(share => IsFreshHere(share) && _isOverdue(share))
            ?? _deferred.UnorderedItems
                .Where(place => place.Priority.Due <= now && IsDeferredHere(place.Element, place.Priority.Due))
                .Select(static place => place.Element)
                .FirstOrDefault(_isOverdue);
        if (found is null)
        {
            _nextOverdue = now + (long)(OverduePause.TotalSeconds * _time.TimestampFrequency);
            return null;
        }

        Leave(found, Turn.Taken);
        return found;
    }

    /// <summary>One timer for everybody who waits: for the share that is due next, and may be handed out then.</summary>
    private void Arm()
    {
        if (_waiting.Count == 0 || IsRetired || Count == 0)
        {
            return;
        }

        var due = IsResting && _permits == 0 ? _nextOverdue
            : _returned.Count + _fresh.Count > 0 ? _earliest
            : _deferred.TryPeek(out _, out var head) ? Math.Max(head.Due, _earliest)
            : long.MaxValue;
        if (due == long.MaxValue)
        {
            return;
        }

        // Rounded up, or the timer would fire just before the share is due and find nothing.
        var seconds = Math.Max(0, due - _time.GetTimestamp()) / (double)_time.TimestampFrequency;
        var pause = TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(seconds * 1000) + 1, int.MaxValue));
        _timer.Change(pause, Timeout.InfiniteTimeSpan);
    }
}
