using System.Net;

namespace SmimeGateway.Accepting.Users;

/// <summary>
/// Makes guessing passwords hopeless: each failure for a user delays the next attempt for that user from the same address, and after too many
/// within a while no more are looked at, so that one wrong password behind a shared address shuts nobody else out. Who tries many users fails too
/// often for the address. IPv6 clients are known by their /64, of which a single host has all addresses.
/// </summary>
public sealed class LoginGuard
{
    /// <summary>Failures for one user from one address, within <see cref="Window"/>, after which attempts are refused unseen.</summary>
    public const int MaxFailures = 10;

    /// <summary>Failures from one address, for whatever users, after which attempts are refused unseen.</summary>
    public const int MaxFailuresOfAddress = 100;

    // A table that attackers fill must not fill the memory: with names as long as they may be, this is ten megabytes.
    private const int MaxTallies = 20_000;

    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(8);

    // A client that is not answered for longer would have given up.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Address> _addresses = [];
    private int _tallies;

    /// <summary>Begins with no failures known.</summary>
    public LoginGuard(TimeProvider time) => _time = time;

    /// <summary>How long a failure counts.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(15);

    /// <summary>How many users of addresses are remembered.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _tallies;
            }
        }
    }

    /// <summary>
    /// Asked when somebody is about to be checked. Null when that must not be, else how long it is to wait. What is under way may fail as well, so
    /// that only as many are let in side by side as may still fail; the others wait here until one of them has ended. Each that is let in is followed
    /// by one call of <see cref="Failed"/>, <see cref="Succeeded"/> or <see cref="Abandoned"/>.
    /// </summary>
    public async ValueTask<TimeSpan?> AdmitAsync(IPAddress client, string user)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(user);
        var begun = _time.GetTimestamp();
        while (true)
        {
            Task ended;
            lock (_gate)
            {
                var address = FindAddress_NeedsLock(client);
                var tally = address.Users.GetValueOrDefault(user);
                var (failures, underWay) = (Failures(tally), tally?.UnderWay ?? 0);
                var failuresOfAddress = address.Users.Values.Sum(Failures);
                if (failures >= MaxFailures || failuresOfAddress >= MaxFailuresOfAddress)
                {
                    return null;
                }

                if (failures + underWay < MaxFailures && failuresOfAddress + address.Users.Values.Sum(one => one.UnderWay) < MaxFailuresOfAddress)
                {
                    (tally ?? Add_NeedsLock(client, user)).UnderWay++;
                    return failures == 0 ? TimeSpan.Zero : Min(TimeSpan.FromSeconds(1 << (failures - 1)), MaxDelay);
                }

                ended = address.Ended.Task;
            }

            try
            {
                await ended.WaitAsync(Max(TimeSpan.Zero, Patience - _time.GetElapsedTime(begun)), _time);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }
    }

    /// <summary>The attempt ended and nobody knows more than before: who hung up has guessed nothing.</summary>
    public void Abandoned(IPAddress client, string user) => End(client, user, static _ => { });

    /// <summary>The client did not know the password.</summary>
    public void Failed(IPAddress client, string user) => End(client, user, tally =>
    {
        (tally.Failures, tally.Since) = Failures(tally) is > 0 and var failures ? (failures + 1, tally.Since) : (1, _time.GetTimestamp());
    });

    /// <summary>The client knew the password: what it failed at before were slips.</summary>
    public void Succeeded(IPAddress client, string user) => End(client, user, static tally => tally.Failures = 0);

    private void End(IPAddress client, string user, Action<Tally> conclude)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(user);
        lock (_gate)
        {
            // It may have been forgotten to make room.
            var tally = FindAddress_NeedsLock(client).Users.GetValueOrDefault(user) ?? Add_NeedsLock(client, user);
            tally.UnderWay = Math.Max(0, tally.UnderWay - 1);
            conclude(tally);

            // All that wait look again: whoever finds no place waits on.
            FindAddress_NeedsLock(client).EndOne();
            if (tally is { UnderWay: 0, Failures: 0 })
            {
                Remove_NeedsLock(ClientNetwork.Of(client), user);
            }
        }
    }

    private int Failures(Tally? tally) => tally is null || _time.GetElapsedTime(tally.Since) > Window ? 0 : tally.Failures;

    // An address of which nothing is remembered is not remembered either; what is added to it makes it known.
    private Address FindAddress_NeedsLock(IPAddress client) => _addresses.GetValueOrDefault(ClientNetwork.Of(client)) ?? new Address();

    private Tally Add_NeedsLock(IPAddress client, string user)
    {
        MakeRoom_NeedsLock();
        var network = ClientNetwork.Of(client);
        if (!_addresses.TryGetValue(network, out var address))
        {
            _addresses[network] = address = new Address();
        }

        _tallies++;
        return address.Users[user] = new Tally { Since = _time.GetTimestamp() };
    }

    private void Remove_NeedsLock(IPAddress network, string user)
    {
        var address = _addresses[network];
        address.Users.Remove(user);
        _tallies--;
        if (address.Users.Count == 0)
        {
            _addresses.Remove(network);
            address.EndOne();
        }
    }

    private void MakeRoom_NeedsLock()
    {
        if (_tallies < MaxTallies)
        {
            return;
        }

        // Whoever fills the table gets nothing for it but that the oldest are forgotten.
        var all = _addresses.SelectMany(address => address.Value.Users, (address, user) => (address.Key, Name: user.Key, Tally: user.Value)).ToList();
        foreach (var (network, user, _) in all.OrderBy(one => one.Tally.UnderWay > 0).ThenBy(one => one.Tally.Since).Take(MaxTallies / 10))
        {
            Remove_NeedsLock(network, user);
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private sealed class Address
    {
        // Names ignore case, as in the file of the users.
        public Dictionary<string, Tally> Users { get; } = new(StringComparer.OrdinalIgnoreCase);

        public TaskCompletionSource Ended { get; private set; } = Fresh();

        public void EndOne()
        {
            Ended.SetResult();
            Ended = Fresh();
        }

        private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Tally
    {
        public int Failures { get; set; }

        public int UnderWay { get; set; }

        /// <summary>When the first of the failures was, or the first attempt.</summary>
        public long Since { get; set; }
    }
}
