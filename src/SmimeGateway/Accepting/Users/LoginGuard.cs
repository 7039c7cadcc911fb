using System.Net;

namespace SmimeGateway.Accepting.Users;

/// <summary>
/// Makes guessing passwords hopeless: each failed attempt delays the next one from the same address, and after too many within a while
/// no more are looked at. IPv6 clients are known by their /64, of which a single host has all addresses.
/// </summary>
public sealed class LoginGuard
{
    /// <summary>Failures within <see cref="Window"/> after which attempts are refused unseen.</summary>
    public const int MaxFailures = 10;

    // A client may open all its connections at once and log in on each; so many guesses are what an attacker gains by doing the same.
    private const int MaxUnderWay = 100;

    // A table that attackers fill must not fill the memory.
    private const int MaxAddresses = 10_000;

    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(8);

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Record> _records = [];

    /// <summary>Begins with no failures known.</summary>
    public LoginGuard(TimeProvider time) => _time = time;

    /// <summary>How long a failure counts.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(15);

    /// <summary>How many addresses are remembered.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _records.Count;
            }
        }
    }

    /// <summary>
    /// Asked before an attempt. Null when it must be refused, else how long it is to wait. Followed by <see cref="Failed"/>,
    /// <see cref="Succeeded"/> or <see cref="Abandoned"/>.
    /// </summary>
    public TimeSpan? Admit(IPAddress client)
    {
        ArgumentNullException.ThrowIfNull(client);
        var key = ClientNetwork.Of(client);
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            var record = Find(key, now);
            if (record.Failures >= MaxFailures || record.Failures + record.UnderWay >= MaxUnderWay)
            {
                return null;
            }

            MakeRoom(key, now);
            _records[key] = record with { UnderWay = record.UnderWay + 1 };
            return record.Failures == 0 ? TimeSpan.Zero : Min(TimeSpan.FromSeconds(1 << Math.Min(record.Failures - 1, 10)), MaxDelay);
        }
    }

    /// <summary>The attempt ended and nobody knows more than before: who hung up has guessed nothing.</summary>
    public void Abandoned(IPAddress client)
    {
        ArgumentNullException.ThrowIfNull(client);
        var key = ClientNetwork.Of(client);
        lock (_gate)
        {
            if (_records.TryGetValue(key, out var record) && record is { Failures: 0, UnderWay: <= 1 })
            {
                _records.Remove(key);
            }
            else if (record.UnderWay > 0)
            {
                _records[key] = record with { UnderWay = record.UnderWay - 1 };
            }
        }
    }

    /// <summary>The client did not know the password.</summary>
    public void Failed(IPAddress client)
    {
        ArgumentNullException.ThrowIfNull(client);
        var key = ClientNetwork.Of(client);
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            var record = Find(key, now);
            MakeRoom(key, now);
            _records[key] = record with { Failures = record.Failures + 1, UnderWay = Math.Max(0, record.UnderWay - 1) };
        }
    }

    /// <summary>The client knew a password: what it failed at before were slips.</summary>
    public void Succeeded(IPAddress client)
    {
        ArgumentNullException.ThrowIfNull(client);
        var key = ClientNetwork.Of(client);
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            var underWay = Find(key, now).UnderWay - 1;
            _records.Remove(key);
            if (underWay > 0)
            {
                _records[key] = new Record(0, underWay, now);
            }
        }
    }

    private Record Find(IPAddress key, long now) =>
        _records.TryGetValue(key, out var known) && _time.GetElapsedTime(known.Since, now) <= Window ? known : new Record(0, 0, now);

    private void MakeRoom(IPAddress key, long now)
    {
        if (_records.Count < MaxAddresses || _records.ContainsKey(key))
        {
            return;
        }

        foreach (var (address, record) in _records)
        {
            if (_time.GetElapsedTime(record.Since, now) > Window)
            {
                _records.Remove(address);
            }
        }

        // Whoever fills the table from so many addresses gets nothing for it but that the oldest are forgotten.
        if (_records.Count >= MaxAddresses)
        {
            foreach (var (address, _) in _records.OrderBy(entry => entry.Value.Since).Take(MaxAddresses / 10).ToList())
            {
                _records.Remove(address);
            }
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private readonly record struct Record(int Failures, int UnderWay, long Since);
}
