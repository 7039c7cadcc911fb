using System.Net;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>The hosts of one route and how connections to them are kept.</summary>
/// <param name="Hosts">Tried in this order.</param>
/// <param name="Connections">The most connections at a time.</param>
internal sealed record NextHopOptions(IReadOnlyList<DnsEndPoint> Hosts, int Connections)
{
    /// <summary>The most connections at a time to one address.</summary>
    public int ConnectionsPerHost { get; init; } = int.MaxValue;

    /// <summary>How long a connection may take to be established; a host that drops packets costs this once per <see cref="Cooldown"/>.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a host may keep us waiting for its greeting while there is another one to go to.</summary>
    public TimeSpan GreetingBesideOthers { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long an address that failed is left alone: at most one probe in this time.</summary>
    public TimeSpan Cooldown { get; init; } = LongestCooldown;

    /// <summary>How long an unused connection is kept; well below the five minutes of RFC 5321 section 4.5.3.2.7.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How old a connection may become, so that a first host that came back is used again.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many messages one connection carries.</summary>
    public int MaxUses { get; init; } = 1000;

    /// <summary>What connections go through; null for none.</summary>
    public RouteProxy? Proxy { get; init; }

    private static TimeSpan LongestCooldown { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The options of a route with hosts.</summary>
    /// <param name="route">The route.</param>
    /// <param name="firstRetry">
    /// The first pause between attempts: an address is not left alone for longer, or the first retry would find nobody asked.
    /// </param>
    public static NextHopOptions For(RouteOptions route, TimeSpan firstRetry)
    {
        var cooldown = firstRetry < LongestCooldown ? firstRetry : LongestCooldown;
        return new(route.Hosts, route.Connections)
        {
            Proxy = RouteProxy.Of(route, cooldown),
            ConnectionsPerHost = route.ConnectionsPerHost ?? int.MaxValue,
            Cooldown = cooldown,
        };
    }
}
