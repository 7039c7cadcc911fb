namespace SmimeGateway.Accepting.Crowding;

/// <summary>
/// The memory of the message that a session receives at the moment. An announced message gets all it needs before it begins; another one
/// begins with a little, and gets more as it comes.
/// </summary>
internal sealed class MessageMemory(MemoryBudget budget, OpenConnection connection, TimeProvider time) : IDisposable
{
    // The message as it came, its signed form put together from it, and what reading that back takes; measured, see docs/reliability.md.
    private const int CostPerOctet = 4;

    // What goes with even the smallest message.
    private const int FixedCost = 32 * 1024;

    // What a message without an announced size begins with; most are smaller.
    private const long FirstPart = 64 * 1024;

    private const long Slack = 4096;

    // RFC 5321 section 4.5.3.2.4 lets a client wait two minutes for 354.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly MemoryShare _share = new();
    private long? _announced;
    private long _asked;
    private long _covered;
    private long _begin;
    private int _leases;

    /// <summary>A transaction begins, with this size announced.</summary>
    public void Announce(long? size) => _announced = size;

    /// <summary>
    /// Waits until there is memory for the message, or for the next chunk of it; null when there was none in time. Disposing what is
    /// returned, as often as it was returned, gives all of it back.
    /// </summary>
    /// <param name="octets">What the message or chunk needs at most.</param>
    /// <param name="limit">The biggest message; this much is asked for when the size is unknown.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<IDisposable?> ReserveAsync(long octets, long limit, CancellationToken cancellationToken)
    {
        if (_leases == 0)
        {
            (_asked, _covered, _begin) = (0, 0, connection.Octets);
        }

        _asked = Math.Min(_asked + octets, limit);
        var wanted = _announced ?? (octets >= limit ? FirstPart : _asked);
        if (wanted > _covered || _leases == 0)
        {
            // A message that has begun holds memory already: it must not wait behind others that wait for that.
            var cost = CostOf(wanted) - CostOf(_covered) + (_leases == 0 ? FixedCost : 0);
            var got = _leases == 0
                ? await budget.ReserveAsync(_share, cost, Patience, cancellationToken)
                : await budget.GrowAsync(_share, cost, Patience, cancellationToken);
            if (!got)
            {
                return null;
            }

            _covered = wanted;
        }

        if (_leases++ == 0)
        {
            connection.BeginMessage(time.GetTimestamp());
        }

        return this;
    }

    /// <summary>
    /// True when clearly more of the message has come than memory was reserved for: line ends, dots and encryption make a sixteenth of
    /// difference between what is announced and what comes.
    /// </summary>
    public bool IsShort(long octets) => _leases > 0 && octets - _begin > _covered + (_covered / 16) + Slack;

    /// <summary>Reserves half as much again as has come. False when there was no memory in time.</summary>
    public async ValueTask<bool> GrowAsync(long octets)
    {
        var wanted = (octets - _begin) * 3 / 2;
        if (!await budget.GrowAsync(_share, CostOf(wanted) - CostOf(_covered), Patience, CancellationToken.None))
        {
            return false;
        }

        _covered = wanted;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_leases > 0 && --_leases == 0)
        {
            _announced = null;
            budget.Release(_share);
            connection.EndMessage();
        }
    }

    private static long CostOf(long octets) => CostPerOctet * octets;
}
