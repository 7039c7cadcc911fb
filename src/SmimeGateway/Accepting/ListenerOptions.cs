using System.Net;

namespace SmimeGateway.Accepting;

/// <summary>An endpoint on which the gateway accepts mail.</summary>
/// <example>
/// <code>
/// {
///   "name": "internal", "endpoint": "127.0.0.1:2525", "clients": ["127.0.0.0/8", "::1/128"],
///   "limits": { "messageSize": "50MB" },
///   "tls": { "mode": "off" }, "authentication": { "mode": "off" }, "proxyProtocol": false
/// }
/// </code>
/// </example>
public sealed record ListenerOptions
{
    /// <summary>The name that rules and the log use.</summary>
    [Notation(Notation.Name)]
    public required string Name { get; init; }

    /// <summary>Address and port. 0.0.0.0 is every IPv4 address, [::] every address; port 0 is any free port.</summary>
    public required IPEndPoint Endpoint { get; init; }

    /// <summary>The networks whose hosts may connect and relay; everybody else is refused with 550 5.7.1.</summary>
    public IReadOnlyList<IPNetwork> Clients { get; init; } = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];

    /// <summary>What one client, one connection and one message may use.</summary>
    public ListenerLimits Limits { get; init; } = new();

    /// <summary>Encryption of the connection.</summary>
    public ListenerTlsOptions Tls { get; init; } = new();

    /// <summary>Logging in.</summary>
    public ListenerAuthenticationOptions Authentication { get; init; } = new();

    /// <summary>Whether connections begin with a PROXY protocol header. This version supports only false.</summary>
    public bool ProxyProtocol { get; init; }
}
