using System.Net;

namespace SmimeGateway.Accepting.Crowding;

/// <summary>
/// The open connections of a listener, in total and for each client. When they run out, those that do nothing make room for those that
/// want to: the listener is crowded from four fifths of the limit on.
/// </summary>
internal sealed class ConnectionTable
{
    /// <summary>How long a client may stay silent while the listener is crowded.</summary>
    public static readonly TimeSpan CrowdedIdle = TimeSpan.FromSeconds(10);

    // A connection this young has had no chance to say anything: a flood of silent ones does not push out the honest one among them.
    private static readonly TimeSpan Youth = TimeSpan.FromSeconds(1);

    // How long a client that was asked to go may take to take its leave.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly HashSet<OpenConnection> _connections = [];
    private readonly Dictionary<IPAddress, int> _clients = [];
    private ListenerLimits _limits = new();
    private bool _isSweeping;
    private int _leaving;

    public ConnectionTable(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(_ => SweepOnce(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many connections hold a place.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return Held;
            }
        }
    }

    /// <summary>The octets per second with which a message must come in at the moment; 0 for any.</summary>
    public int MinimumRate
    {
        get
        {
            lock (_gate)
            {
                return IsCrowded ? _limits.MinimumRate : 0;
            }
        }
    }

    // Those that were asked to go have given their place to others.
    private int Held => _connections.Count - _leaving;

    private bool IsCrowded => Held * 5L > _limits.Connections * 4L;

    /// <summary>
    /// Takes a connection in, unless all places are taken by connections that are at work: the one that was silent the longest makes room,
    /// else the one whose message has come most slowly for ten seconds, below the minimum rate. True in <paramref name="becameCrowded"/> when
    /// this one made the listener crowded.
    /// </summary>
    public bool TryEnter(OpenConnection connection, ListenerLimits limits, out bool becameCrowded)
    {
        OpenConnection? silent = null, slow = null;
        var now = _time.GetTimestamp();
        lock (_gate)
        {
            _limits = limits;
            becameCrowded = false;
            if (Held >= limits.Connections)
            {
                var mayDisplace = _leaving <= limits.Connections / 4;
                silent = mayDisplace ? FindLongestSilent(now) : null;
                slow = mayDisplace && silent is null ? FindSlowest(now) : null;
                if ((silent ?? slow) is not { } displaced)
                {
                    return false;
                }

                Displace(displaced, now);
            }

            _connections.Add(connection);
            if (IsCrowded && !_isSweeping)
            {
                _isSweeping = becameCrowded = true;
                _timer.Change(Sweep, Sweep);
            }
        }

        silent?.AskToGo();
        slow?.Abort("its message came too slowly when connections ran out");
        return true;
    }

    /// <summary>Counts the connection for its client, unless the client has as many as it may.</summary>
    public bool TryIdentify(OpenConnection connection, IPAddress client, ListenerLimits limits)
    {
        lock (_gate)
        {
            var ofClient = _clients.GetValueOrDefault(client);
            if (ofClient >= limits.ConnectionsPerClient)
            {
                return false;
            }

            connection.Client = client;
            _clients[client] = ofClient + 1;
            return true;
        }
    }

    /// <summary>Takes a connection off again.</summary>
    public void Leave(OpenConnection connection)
    {
        lock (_gate)
        {
            _connections.Remove(connection);
            _leaving -= connection.AskedToGo is null ? 0 : 1;

            // A client that is gone leaves nothing behind: the table never outgrows the connections.
            if (connection.Client is { } client && --_clients[client] == 0)
            {
                _clients.Remove(client);
            }
        }
    }

    /// <summary>While the listener is crowded: the silent are asked to go, and cut off when they do not.</summary>
    internal void SweepOnce()
    {
        var now = _time.GetTimestamp();
        List<OpenConnection> silent = [], deaf = [];
        lock (_gate)
        {
            if (!IsCrowded && _leaving == 0)
            {
                _isSweeping = false;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }

            foreach (var connection in _connections)
            {
                Judge(connection, now, silent, deaf);
            }

            silent.ForEach(connection => Displace(connection, now));
        }

        silent.ForEach(connection => connection.AskToGo());
        deaf.ForEach(connection => connection.Abort("it was silent while connections ran out"));
    }

    private void Judge(OpenConnection connection, long now, List<OpenConnection> silent, List<OpenConnection> deaf)
    {
        if (connection.AskedToGo is { } asked)
        {
            // One that is in the middle of a transaction goes on as long as the client does.
            if (connection.SilentSince < asked && _time.GetElapsedTime(asked, now) >= Grace)
            {
                deaf.Add(connection);
            }
        }
        else if (IsCrowded && connection.SilentSince is { } since && _time.GetElapsedTime(since, now) >= CrowdedIdle)
        {
            silent.Add(connection);
        }
    }

    private OpenConnection? FindLongestSilent(long now)
    {
        OpenConnection? longest = null;
        var since = long.MaxValue;
        foreach (var connection in _connections)
        {
            if (connection.AskedToGo is null && connection.SilentSince is { } silent && silent < since && _time.GetElapsedTime(silent, now) >= Youth)
            {
                (longest, since) = (connection, silent);
            }
        }

        return longest;
    }

    private OpenConnection? FindSlowest(long now)
    {
        OpenConnection? slowest = null;
        double rate = _limits.MinimumRate;
        foreach (var connection in _connections)
        {
            if (connection.AskedToGo is null && connection.MessageRate(now, CrowdedIdle, _time) is { } pace && pace < rate)
            {
                (slowest, rate) = (connection, pace);
            }
        }

        return slowest;
    }

    private void Displace(OpenConnection connection, long now)
    {
        connection.MarkAsked(now);
        _leaving++;
    }
}
