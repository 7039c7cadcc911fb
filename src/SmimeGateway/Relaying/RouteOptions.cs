using System.ComponentModel.DataAnnotations;
using System.Net;

namespace SmimeGateway.Relaying;

/// <summary>Where mail for some recipients goes next: exactly one of hosts and folder.</summary>
/// <example>
/// <code>
/// { "recipients": "*@partner.example", "hosts": ["mx1.partner.example:25", "[2001:db8::25]:25"], "tls": "off", "connections": 20 }
/// { "recipients": "*", "folder": "outbox" }
/// </code>
/// </example>
public sealed record RouteOptions
{
    /// <summary>The recipients this route is for.</summary>
    [Notation(Notation.AddressPattern)]
    [MinLength(1)]
    public required IReadOnlyList<string> Recipients { get; init; }

    /// <summary>The next hops, tried in this order; a host without a port means port 25.</summary>
    public IReadOnlyList<DnsEndPoint> Hosts { get; init; } = [];

    /// <summary>A folder that receives every message as an .eml file, instead of hosts.</summary>
    [Notation(Notation.WrittenPath)]
    public string? Folder { get; init; }

    /// <summary>
    /// Whether the connection to a host is encrypted. This version speaks no TLS: whenOffered, which allows a plain connection, relays
    /// in plain, and the values that forbid one are refused.
    /// </summary>
    public RouteTls Tls { get; init; } = RouteTls.WhenOffered;

    /// <summary>The most connections at a time to the hosts of this route.</summary>
    [Range(1, 1000)]
    public int Connections { get; init; } = 20;
}
