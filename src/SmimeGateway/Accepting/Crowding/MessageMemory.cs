namespace SmimeGateway.Accepting.Crowding;

/// <summary>The memory of the message that a session receives at the moment: a part when it begins, and more as it turns out bigger.</summary>
internal sealed class MessageMemory(MemoryBudget budget, OpenConnection connection, TimeProvider time) : IDisposable
{
    // RFC 5321 section 4.5.3.2.4 lets a client wait two minutes for 354.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly MemoryShare _share = new();
    private int _leases;
    private long _granted;

    /// <summary>True when what it holds is worth being collected as soon as it is given back.</summary>
    public bool IsLarge => _share.IsLarge;

    /// <summary>
    /// Waits until there is memory for so many further octets; null when there was none in time. Disposing what is returned, as often
    /// as it was returned, gives all of it back.
    /// </summary>
    public async ValueTask<IDisposable?> ReserveAsync(long octets, CancellationToken cancellationToken)
    {
        // A message that has begun holds memory already: it must not wait behind others that wait for that.
        var cost = MemoryBudget.CostPerOctet * octets;
        var got = _leases == 0
            ? await budget.ReserveAsync(_share, cost, Patience, cancellationToken)
            : await budget.GrowAsync(_share, cost, Patience, cancellationToken);
        if (!got)
        {
            return null;
        }

        _granted += cost;
        if (_leases++ == 0)
        {
            connection.BeginMessage(time.GetTimestamp());
        }

        return this;
    }

    /// <summary>
    /// Waits until a message that has arrived may take so many octets of memory in all, with everything that is made of it; false when it may
    /// not in time. It is given back with the rest.
    /// </summary>
    public async ValueTask<bool> EnsureAsync(long octets, CancellationToken cancellationToken)
    {
        if (octets <= _granted)
        {
            return true;
        }

        var more = octets - _granted;
        _granted += more;
        return await budget.GrowAsync(_share, more, Patience, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_leases > 0 && --_leases == 0)
        {
            budget.Release(_share);
            _granted = 0;
            connection.EndMessage();
        }
    }
}
