namespace SmimeGateway.Accepting.Crowding;

/// <summary>Memory of the budget for work that no session waits for.</summary>
internal sealed class MemoryLease : IDisposable
{
    // Whoever gets none in this time puts its message off.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly MemoryBudget _budget;
    private readonly MemoryShare _share = new();
    private long _granted;

    private MemoryLease(MemoryBudget budget) => _budget = budget;

    /// <summary>Waits for so many octets; null when there were none in time.</summary>
    /// <exception cref="OperationCanceledException">The wait was broken off.</exception>
    public static async ValueTask<MemoryLease?> TakeAsync(MemoryBudget budget, long octets, CancellationToken cancellationToken)
    {
        var lease = new MemoryLease(budget) { _granted = octets };
        return await Granted(budget.ReserveAsync(lease._share, octets, Patience, cancellationToken), cancellationToken) ? lease : null;
    }

    /// <summary>Waits until it is for so many octets in all; false when that did not come in time.</summary>
    public async ValueTask<bool> EnsureAsync(long octets, CancellationToken cancellationToken)
    {
        var more = octets - _granted;
        if (more > 0 && !await Granted(_budget.GrowAsync(_share, more, Patience, cancellationToken), cancellationToken))
        {
            return false;
        }

        // What was refused is asked for again by whoever goes on all the same.
        _granted = Math.Max(_granted, octets);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _budget.Release(_share);

    // Whoever was told to stop has not waited in vain: nothing is to be recorded of it.
    private static async ValueTask<bool> Granted(ValueTask<bool> asked, CancellationToken cancellationToken)
    {
        var isGranted = await asked;
        if (!isGranted)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return isGranted;
    }
}
