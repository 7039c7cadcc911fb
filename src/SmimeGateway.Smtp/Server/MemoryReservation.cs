namespace SmimeGateway.Smtp.Server;

/// <summary>What a message was granted of the memory that all messages share. It grows with the message, and is given back once.</summary>
internal sealed class MemoryReservation(GuardedPolicy policy) : IDisposable
{
    // Few messages are bigger, and the small ones need not ask twice.
    private const long Step = 64 * 1024;

    private readonly List<IDisposable> _grants = [];
    private long _octets;

    /// <summary>Sees that there is memory for so many octets in all. False when there is none to be had.</summary>
    public async ValueTask<bool> EnsureAsync(SmtpSessionIdentity identity, long octets)
    {
        if (octets <= _octets)
        {
            return true;
        }

        // It grows by a quarter at least, so that a million chunks of one octet are a handful of questions.
        var more = Math.Max(octets - _octets, Math.Max(Step, _octets / 4));
        if (await policy.ReserveAsync(identity, more) is not { } grant)
        {
            return false;
        }

        _grants.Add(grant);
        _octets += more;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var grant in _grants)
        {
            grant.Dispose();
        }

        _grants.Clear();
        _octets = 0;
    }
}
