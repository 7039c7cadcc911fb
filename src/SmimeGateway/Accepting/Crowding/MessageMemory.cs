namespace SmimeGateway.Accepting.Crowding;

/// <summary>The memory of the message that a session receives at the moment: a part when it begins, and more as it turns out bigger.</summary>
internal sealed class MessageMemory(MemoryBudget budget, OpenConnection connection, TimeProvider time) : IDisposable
{
    // The message as it came, its signed form put together from it, and what reading that back takes: about what twenty of 50 MB took.
    private const int CostPerOctet = 4;

    // RFC 5321 section 4.5.3.2.4 lets a client wait two minutes for 354.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly MemoryShare _share = new();
    private int _leases;

    /// <summary>
    /// Waits until there is memory for so many further octets; null when there was none in time. Disposing what is returned, as often
    /// as it was returned, gives all of it back.
    /// </summary>
    public async ValueTask<IDisposable?> ReserveAsync(long octets, CancellationToken cancellationToken)
    {
        // A message that has begun holds memory already: it must not wait behind others that wait for that.
        var cost = CostPerOctet * octets;
        var got = _leases == 0
            ? await budget.ReserveAsync(_share, cost, Patience, cancellationToken)
            : await budget.GrowAsync(_share, cost, Patience, cancellationToken);
        if (!got)
        {
            return null;
        }

        if (_leases++ == 0)
        {
            connection.BeginMessage(time.GetTimestamp());
        }

        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_leases > 0 && --_leases == 0)
        {
            budget.Release(_share);
            connection.EndMessage();
        }
    }
}
