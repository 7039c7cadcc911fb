namespace SmimeGateway.Queueing.Journal.Ordering;

/// <summary>How many messages are held, deferred, sealed and with a worker. Counted where the order changes, so that asking costs nothing.</summary>
internal sealed class TurnCounts
{
    private int _deferred;
    private int _held;
    private int _active;
    private int _waiting;

    /// <summary>Sealed messages that nobody holds and no worker has.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Other messages that wait for their time.</summary>
    public int Deferred => Volatile.Read(ref _deferred);

    /// <summary>Messages that an administrator holds.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Messages that a worker has.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Counts that a message went from one turn to another.</summary>
    public void Move(QueueEntry entry, Turn from, Turn to)
    {
        if (from != to)
        {
            Add(from, entry.IsSealed, -1);
            Add(to, entry.IsSealed, 1);
        }
    }

    private void Add(Turn turn, bool isSealed, int change)
    {
        switch (turn)
        {
            case Turn.Fresh or Turn.Deferred when isSealed:
                Interlocked.Add(ref _waiting, change);
                break;
            case Turn.Deferred:
                Interlocked.Add(ref _deferred, change);
                break;
            case Turn.Held:
                Interlocked.Add(ref _held, change);
                break;
            case Turn.Taken:
                Interlocked.Add(ref _active, change);
                break;
            default:
                break;
        }
    }
}
