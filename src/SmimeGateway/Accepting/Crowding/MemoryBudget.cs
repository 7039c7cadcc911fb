namespace SmimeGateway.Accepting.Crowding;

/// <summary>
/// The memory that all messages together may take. An eighth is kept for small messages, which pass without a lock and never stand behind
/// big ones; for the rest it is first come, first served. A message that needs more than all of it is handled alone, and of those that
/// turn out bigger than they said, one at a time may overdraw: so somebody always goes on, and gives back in the end.
/// </summary>
public sealed class MemoryBudget
{
    /// <summary>The message as it came, its signed form put together from it, and what reading that back takes: about what twenty of 50 MB took.</summary>
    public const int CostPerOctet = 4;

    /// <summary>The most that a message may ask for to be served from what is kept for small ones.</summary>
    public const long MaxSmall = 1024 * 1024;

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly LinkedList<Wish> _growing = [];
    private readonly LinkedList<Wish> _waiting = [];
    private long _capacity;
    private long _usedSmall;
    private long _left;
    private long _used;
    private MemoryShare? _overdrawing;

    /// <summary>An unused budget.</summary>
    public MemoryBudget(long capacity, TimeProvider time)
    {
        _capacity = capacity;
        _time = time;
    }

    /// <summary>The octets that messages may take; a change holds for what is reserved from then on.</summary>
    public long Capacity
    {
        get => Interlocked.Read(ref _capacity);
        set => Interlocked.Exchange(ref _capacity, value);
    }

    /// <summary>The octets taken.</summary>
    public long Used => Interlocked.Read(ref _usedSmall) + Interlocked.Read(ref _used);

    /// <summary>How many messages wait for memory.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count + _growing.Count;
            }
        }
    }

    private long ForSmall => Capacity / 8;

    private long ForAll => Capacity - ForSmall;

    /// <summary>Takes memory for a message that begins; waits until it is its turn. False when it did not come in time.</summary>
    internal ValueTask<bool> ReserveAsync(MemoryShare share, long octets, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (octets <= Math.Min(MaxSmall, Capacity / 64))
        {
            if (Interlocked.Add(ref _usedSmall, octets) <= ForSmall)
            {
                share.Small += octets;
                return ValueTask.FromResult(true);
            }

            Interlocked.Add(ref _usedSmall, -octets);
        }

        return TakeAsync(_waiting, new Wish(share, octets), patience, cancellationToken);
    }

    /// <summary>Takes more memory for a message that has begun. It goes before those that have not, since it holds what they wait for.</summary>
    internal ValueTask<bool> GrowAsync(MemoryShare share, long octets, TimeSpan patience, CancellationToken cancellationToken) =>
        TakeAsync(_growing, new Wish(share, octets), patience, cancellationToken);

    /// <summary>Gives back all that a message took.</summary>
    internal void Release(MemoryShare share)
    {
        Interlocked.Add(ref _usedSmall, -share.Small);
        share.Small = 0;
        if (share.Large == 0)
        {
            return;
        }

        if (share.IsLarge)
        {
            Collect(share.Large);
        }
        lock (_gate)
        {
            Interlocked.Add(ref _used, -share.Large);
            share.Large = 0;
            _overdrawing = ReferenceEquals(_overdrawing, share) ? null : _overdrawing;
            GrantInOrder();
        }
    }

    // What was given back is still there until it is collected, and the runtime waits with that until about as much again was taken. So it
    // is told to, whenever that would be half of the budget. All stop for it, for about half a millisecond with each megabyte of small objects
    // that are in use: in the background it would end after what was given back is somebody else's.
    private void Collect(long octets)
    {
        if (Interlocked.Add(ref _left, octets) > Capacity / 2)
        {
            Interlocked.Exchange(ref _left, 0);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        }
    }

    private async ValueTask<bool> TakeAsync(LinkedList<Wish> line, Wish wish, TimeSpan patience, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            line.AddLast(wish);
            GrantInOrder();
            if (wish.Granted.Task.IsCompleted)
            {
                return true;
            }
        }

        try
        {
            await wish.Granted.Task.WaitAsync(patience, _time, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            lock (_gate)
            {
                // It may have been granted in the same moment.
                if (wish.Granted.Task.IsCompleted)
                {
                    return true;
                }

                line.Remove(wish);
                GrantInOrder();
                return false;
            }
        }
    }

    private void GrantInOrder()
    {
        while (NextToGrow() is { } next)
        {
            Grant(_growing, next);
        }

        // Who has begun is served before who has not.
        while (_growing.Count == 0 && _waiting.First is { } first && (Fits(first.Value.Octets) || _used == 0))
        {
            Grant(_waiting, first);
        }
    }

    private bool Fits(long octets) => _used + octets <= ForAll;

    private LinkedListNode<Wish>? NextToGrow()
    {
        if (_growing.First is not { } first)
        {
            return null;
        }

        if (Fits(first.Value.Octets))
        {
            return first;
        }

        // Whatever the one that overdraws wants further stands behind those who wait for what it will give back.
        _overdrawing ??= first.Value.Share;
        var node = first;
        while (node is not null && !ReferenceEquals(node.Value.Share, _overdrawing))
        {
            node = node.Next;
        }

        return node;
    }

    private void Grant(LinkedList<Wish> line, LinkedListNode<Wish> node)
    {
        line.Remove(node);
        Interlocked.Add(ref _used, node.Value.Octets);
        node.Value.Share.Large += node.Value.Octets;
        node.Value.Granted.SetResult();
    }

    private sealed record Wish(MemoryShare Share, long Octets)
    {
        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
