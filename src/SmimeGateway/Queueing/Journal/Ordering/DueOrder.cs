using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing.Journal.Ordering;

/// <summary>
/// The orders of all routes, one for sealed mail, and one for mail whose route is not known, because it is from an earlier run or the routes
/// have changed. What comes out of that one is sorted into the others: a start or a reload reads an envelope only when its message is due.
/// </summary>
internal sealed class DueOrder : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Func<QueueEntry, TimeSpan> _ageOf;
    private readonly long _opened;
    private QueueDivision? _division;
    private RouteOrder[] _routes = [];
    private RouteOrder _sealed;
    private RouteOrder _unsorted;
    private bool _isDisposed;

    /// <param name="ageOf">How old a message is.</param>
    /// <param name="time">The clock.</param>
    public DueOrder(Func<QueueEntry, TimeSpan> ageOf, TimeProvider time)
    {
        _time = time;
        _ageOf = ageOf;
        _opened = time.GetTimestamp();
        _unsorted = MakeOrder(TimeSpan.Zero);
        _sealed = _unsorted;
    }

    /// <summary>How many stand where.</summary>
    public TurnCounts Counts { get; } = new();

    /// <summary>The order of what has to be sorted; of everything while there are no routes.</summary>
    public RouteOrder Unsorted
    {
        get
        {
            lock (_gate)
            {
                return _unsorted;
            }
        }
    }

    /// <summary>Begins anew with other routes. What waits is sorted as it falls due.</summary>
    /// <returns>The orders of the routes, and behind them that of sealed mail.</returns>
    public IReadOnlyList<RouteOrder> Divide(QueueDivision division)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            RouteOrder[] former = [.. _routes, _sealed, _unsorted];
            _division = division;
            _routes = [.. division.Routes.Select(terms => MakeOrder(terms.Interval))];
            _sealed = MakeOrder(TimeSpan.Zero);
            _unsorted = MakeOrder(TimeSpan.Zero);
            foreach (var share in former.Distinct().SelectMany(order => order.Retire()))
            {
                Put(share, CurrentOf(share), isReturned: false);
            }

            return [.. _routes, _sealed];
        }
    }

    /// <summary>Adds a message. One whose envelope is at hand is sorted at once.</summary>
    public void Add(QueueEntry entry, Envelope? envelope, TimeSpan pause)
    {
        // Found before the gate is taken: all workers go through it.
        var division = Volatile.Read(ref _division);
        var route = envelope is null || entry.IsSealed || division is null ? null : FindCommonRoute(division, envelope);
        lock (_gate)
        {
            var share = new QueueShare(entry, members: null) { Attempts = entry.State.Attempts, IsDelayReported = entry.State.IsDelayReported };
            entry.Shares = [share];
            SetDue(share, pause);
            if (route is { } common && division == _division && entry.State.Ended.Count == 0)
            {
                Put(share, _routes[common], isReturned: false);
            }
            else if (envelope is not null && !entry.IsSealed && _division is not null)
            {
                Split(share, envelope);
            }
            else
            {
                Put(share, CurrentOf(share), isReturned: false);
            }
        }
    }

    /// <summary>Puts a share off that its worker has.</summary>
    public void Defer(QueueShare share, TimeSpan pause)
    {
        lock (_gate)
        {
            SetDue(share, pause);
            CurrentOf(share).AddDeferred(share);
        }
    }

    /// <summary>Takes back a share that its worker did not try.</summary>
    public void GiveBack(QueueShare share)
    {
        lock (_gate)
        {
            if (share.Entry.IsGone)
            {
                Drop(share);
                return;
            }

            Put(share, CurrentOf(share), isReturned: true);
        }
    }

    /// <summary>Puts a share that its worker has into the orders of its routes.</summary>
    public void Sort(QueueShare share, Envelope envelope)
    {
        lock (_gate)
        {
            if (share.Entry.IsGone)
            {
                Drop(share);
            }
            else
            {
                Split(share, envelope);
            }
        }
    }

    /// <summary>Takes a message that no worker has out of turn, for as long as it is held; shares that a worker has stay with it.</summary>
    public void Hold(QueueEntry entry)
    {
        lock (_gate)
        {
            foreach (var share in entry.Shares.Where(IsNobodys))
            {
                share.Order!.Hold(share);
            }
        }
    }

    /// <summary>Puts a held message back: what was never tried is due, the rest after the pause.</summary>
    public void Release(QueueEntry entry, TimeSpan pause)
    {
        lock (_gate)
        {
            foreach (var share in entry.Shares.Where(static share => share.Turn == Turn.Held))
            {
                SetDue(share, pause);
                Put(share, CurrentOf(share), isReturned: false);
            }
        }
    }

    /// <summary>Makes a deferred message due at once; false for every other.</summary>
    public bool Hurry(QueueEntry entry)
    {
        lock (_gate)
        {
            var isHurried = false;
            foreach (var share in entry.Shares.Where(static share => share.Turn == Turn.Deferred))
            {
                SetDue(share, TimeSpan.Zero);
                CurrentOf(share).AddDeferred(share);
                isHurried = true;
            }

            return isHurried;
        }
    }

    /// <summary>Takes out a share whose recipients have ended, or whose message was removed while a worker had it.</summary>
    public void End(QueueShare share)
    {
        if (share is { IsWhole: true, Turn: Turn.Taken or Turn.Recording })
        {
            // It is its worker's alone, so nobody else can change its turn, and nobody waits for the gate.
            share.ChangeTurn(Turn.None);
            Counts.Move(share.Entry, Turn.Taken, Turn.None);
            share.Entry.Shares = [];
            return;
        }

        lock (_gate)
        {
            Drop(share);
        }
    }

    /// <summary>Takes out a message that was removed; a worker that has a share keeps it until it records.</summary>
    public void Remove(QueueEntry entry)
    {
        lock (_gate)
        {
            foreach (var share in entry.Shares.Where(IsNobodys))
            {
                Drop(share);
            }
        }
    }

    /// <summary>When a deferred message is due, by the wall clock; null when no share of it is deferred.</summary>
    public DateTimeOffset? DueTime(QueueEntry entry)
    {
        lock (_gate)
        {
            var deferred = entry.Shares.Where(static share => share.Turn == Turn.Deferred).ToList();
            return deferred.Count == 0 ? null : _time.GetUtcNow() + deferred.Min(Remaining);
        }
    }

    /// <summary>How long the other shares of a message rest; null when none is pending, zero when one is due or with a worker.</summary>
    public TimeSpan? RestOfOthers(QueueShare share)
    {
        lock (_gate)
        {
            var others = share.Entry.Shares.Where(other => other != share).ToList();
            return others.Count == 0 ? null : others.Min(other => other.Turn == Turn.Deferred ? Remaining(other) : TimeSpan.Zero);
        }
    }

    /// <summary>Waits for a share that is due; the caller alone has it then.</summary>
    public ValueTask<QueueShare> TakeAsync(RouteOrder order, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource<QueueShare>? waiter;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed || order.IsRetired, this);
            if (order.Take(out waiter) is { } share)
            {
                return ValueTask.FromResult(share);
            }
        }

        return WaitAsync(order, waiter!, cancellationToken);
    }

    /// <summary>Does something to the order of a route.</summary>
    public void Under(Action what)
    {
        lock (_gate)
        {
            what();
        }
    }

    /// <summary>True when the sender of these recipients must hear of a delay, or of the end.</summary>
    public bool IsOverdue(QueueShare share) => _division is { } division && division.MustTell(WaitOf(share));

    /// <summary>How long a share has been waiting.</summary>
    public QueueWait WaitOf(QueueShare share)
    {
        var (age, running) = (_ageOf(share.Entry), _time.GetElapsedTime(_opened));
        return new QueueWait(age, age < running ? age : running, share.Attempts, share.IsDelayReported);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Array.ForEach(_routes, static order => order.Dispose());
            _sealed.Dispose();
            _unsorted.Dispose();
        }
    }

    private static bool IsNobodys(QueueShare share) => share.Turn is not (Turn.Taken or Turn.Recording);

    private RouteOrder MakeOrder(TimeSpan interval) => new(_gate, Counts, interval, IsOverdue, _time);

    private RouteOrder CurrentOf(QueueShare share) =>
        share.Order is { IsRetired: false } order ? order : share.Entry.IsSealed ? _sealed : _unsorted;

    private void SetDue(QueueShare share, TimeSpan pause) => share.Due = _time.GetTimestamp() + (long)(pause.TotalSeconds * _time.TimestampFrequency);

    private TimeSpan Remaining(QueueShare share) =>
        TimeSpan.FromSeconds(Math.Max(0, share.Due - _time.GetTimestamp()) / (double)_time.TimestampFrequency);

    private static void Put(QueueShare share, RouteOrder order, bool isReturned)
    {
        if (share.Attempts > 0)
        {
            order.AddDeferred(share);
        }
        else
        {
            order.Add(share, isReturned);
        }
    }

    private static void Drop(QueueShare share)
    {
        share.Order?.Leave(share, Turn.None);
        share.Entry.Shares = [.. share.Entry.Shares.Where(other => other != share)];
    }

    /// <summary>The route of all recipients, when they are tried together.</summary>
    private static int? FindCommonRoute(QueueDivision division, Envelope envelope)
    {
        var recipients = envelope.Recipients;
        var first = division.RouteOf(recipients[0].Path);
        if (recipients.Count > division.Routes[first].MostRecipients)
        {
            return null;
        }

        for (var i = 1; i < recipients.Count; i++)
        {
            if (division.RouteOf(recipients[i].Path) != first)
            {
                return null;
            }
        }

        return first;
    }

    /// <summary>One share for each route, and several where there are more recipients than it takes together.</summary>
    private void Split(QueueShare share, Envelope envelope)
    {
        var (entry, division) = (share.Entry, _division!);
        var places = share.FindPending(entry.State.Ended);
        if (places.Count == 0)
        {
            Drop(share);
            return;
        }

        var first = division.RouteOf(envelope.Recipients[places[0]].Path);
        if (places.Count <= division.Routes[first].MostRecipients && places.TrueForAll(place => division.RouteOf(envelope.Recipients[place].Path) == first))
        {
            Put(share, _routes[first], isReturned: false);
            return;
        }

        var parts = places
            .GroupBy(place => division.RouteOf(envelope.Recipients[place].Path))
            .SelectMany(group => group.Chunk(division.Routes[group.Key].MostRecipients), (group, chunk) => (Route: group.Key, Share: share.Only(chunk)))
            .ToList();
        var before = entry.Turn;
        entry.Recording ??= new SemaphoreSlim(1);
        entry.Shares = [.. entry.Shares.Where(other => other != share), .. parts.Select(static part => part.Share)];
        Counts.Move(entry, before, entry.Turn);
        foreach (var (route, part) in parts)
        {
            Put(part, _routes[route], isReturned: false);
        }
    }

    private async ValueTask<QueueShare> WaitAsync(RouteOrder order, TaskCompletionSource<QueueShare> waiter, CancellationToken cancellationToken)
    {
        await using (cancellationToken.Register(() => Withdraw(order, waiter, cancellationToken)))
        {
            return await waiter.Task;
        }
    }

    private void Withdraw(RouteOrder order, TaskCompletionSource<QueueShare> waiter, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (order.Withdraw(waiter))
            {
                waiter.TrySetCanceled(cancellationToken);
            }
        }
    }
}
