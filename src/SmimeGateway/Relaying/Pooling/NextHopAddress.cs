using System.Net;
using System.Net.Sockets;
using SmimeGateway.Smtp;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>One address of a host of a route, with what is known of it and in use there.</summary>
/// <param name="host">The host as configured.</param>
/// <param name="endPoint">Where it is; null where only the proxy knows.</param>
/// <param name="options">The route's.</param>
internal sealed class NextHopAddress(DnsEndPoint host, IPEndPoint? endPoint, NextHopOptions options)
{
    private int _connections;
    private string? _told;

    /// <summary>The host as configured.</summary>
    public DnsEndPoint Host => host;

    /// <summary>Where it is, in words.</summary>
    public string Place { get; } = endPoint?.ToString() ?? $"port {host.Port} through {options.Proxy}";

    /// <summary>What is connected to.</summary>
    public string Goal => endPoint is null ? Shown : Place;

    /// <summary>Both, as logs of mail name them.</summary>
    public string Shown { get; } = endPoint is null ? $"{host.Host}:{host.Port} through {options.Proxy}"
        : host.Host == endPoint.Address.ToString() ? $"{endPoint}" : $"{host.Host}[{endPoint.Address}]:{endPoint.Port}";

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

    /// <summary>
    /// Connects, or throws as sockets do, with <see cref="IOException"/> where a proxy does not do it, and <see cref="TimeoutException"/>.
    /// </summary>
    public async ValueTask<NetworkStream> ConnectAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var patience = new ConnectPatience(options.Connect, time);
        if (endPoint is null)
        {
            return await options.Proxy!.ConnectAsync(host, patience, cancellationToken);
        }

        return new NetworkStream(await patience.KeepAsync(token => NextHopSocket.ConnectAsync(endPoint, token), cancellationToken), ownsSocket: true);
    }

    /// <summary>Gives the place of a connection back.</summary>
    public void Release() => Interlocked.Decrement(ref _connections);

    /// <summary>True for trouble that is not the one that was told last: the log hears of it once, and not after every pause.</summary>
    public bool IsNews(DeliveryStatus trouble) => Interlocked.Exchange(ref _told, trouble.Diagnostic) != trouble.Diagnostic;

    /// <summary>A session began: the same trouble would be another one.</summary>
    public void Opened()
    {
        Health.Opened();
        Volatile.Write(ref _told, null);
    }

    /// <summary>What is to be told of it.</summary>
    public NextHopStatus Look()
    {
        var (restingUntil, trouble, troubleAt) = Health.Look();
        return new NextHopStatus(
            host.Host,
            Place,
            restingUntil,
            trouble is null ? null : $"{trouble.Status} {trouble.Diagnostic}",
            trouble is null ? null : troubleAt,
            Volatile.Read(ref _connections),
            Deliveries: 0,
            Security);
    }
}
