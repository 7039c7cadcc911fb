using System.Net;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>One address of a host of a route, with what is known of it and in use there.</summary>
internal sealed class NextHopAddress(DnsEndPoint host, IPEndPoint endPoint, NextHopOptions options)
{
    private int _connections;
    private long _deliveries;

    /// <summary>The host as configured.</summary>
    public DnsEndPoint Host => host;

    /// <summary>Where it is.</summary>
    public IPEndPoint EndPoint => endPoint;

    /// <summary>Both, as logs of mail name them.</summary>
    public string Shown { get; } = host.Host == endPoint.Address.ToString() ? $"{endPoint}" : $"{host.Host}[{endPoint.Address}]:{endPoint.Port}";

    /// <summary>Whether it is worth trying.</summary>
    public NextHopHealth Health { get; } = new(options.Cooldown);

    /// <summary>What the last session was secured with, in words.</summary>
    public string? Security { get; set; }

    /// <summary>Takes a place for one more connection; false when the host has as many as it may.</summary>
    public bool TryReserve()
    {
        if (Interlocked.Increment(ref _connections) <= options.ConnectionsPerHost)
        {
            return true;
        }

        Release();
        return false;
    }

    /// <summary>Gives the place of a connection back.</summary>
    public void Release() => Interlocked.Decrement(ref _connections);

    /// <summary>Counts a message that the server took for all or some of its recipients.</summary>
    public void CountDelivery() => Interlocked.Increment(ref _deliveries);

    /// <summary>What is to be told of it.</summary>
    public NextHopStatus Look()
    {
        var (restingUntil, trouble, troubleAt) = Health.Look();
        return new NextHopStatus(
            host.Host,
            endPoint.ToString(),
            restingUntil,
            trouble is null ? null : $"{trouble.Status} {trouble.Diagnostic}",
            trouble is null ? null : troubleAt,
            Volatile.Read(ref _connections),
            Interlocked.Read(ref _deliveries),
            Security);
    }
}
