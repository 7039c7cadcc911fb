using System.Net;
using SmimeGateway.Settings;

namespace SmimeGateway.Accepting;

/// <summary>An endpoint on which the gateway accepts mail.</summary>
/// <example>
/// <code>
/// {
///   "name": "internal", "endpoint": "127.0.0.1:2525", "clients": ["127.0.0.0/8", "::1/128"],
///   "tls": { "mode": "offered", "certificate": "tls/gateway.pfx" },
///   "authentication": { "mode": "offered", "users": "users.json" },
///   "proxyProtocol": true, "proxies": ["10.0.0.4", "10.0.0.5"],
///   "soft": false,
///   "limits": { "messageSize": "50MB" }
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

    /// <summary>
    /// The networks whose hosts may relay. Everybody else is refused with 550 5.7.1, unless <c>authentication</c> or
    /// <c>tls.clientCertificates</c> is offered and they log in or show a certificate.
    /// </summary>
    public IReadOnlyList<IPNetwork> Clients { get; init; } = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];

    /// <summary>What one client, one connection and one message may use.</summary>
    public ListenerLimits Limits { get; init; } = new();

    /// <summary>Encryption of the connection.</summary>
    public ListenerTlsOptions Tls { get; init; } = new();

    /// <summary>Logging in.</summary>
    public ListenerAuthenticationOptions Authentication { get; init; } = new();

    /// <summary>
    /// Whether every connection comes through a load balancer and begins with a PROXY protocol header (version 1 or 2), which names the
    /// client. Connections from elsewhere, and those without the header, are closed.
    /// </summary>
    public bool ProxyProtocol { get; init; }

    /// <summary>The networks of the load balancers whose PROXY protocol headers are believed.</summary>
    public IReadOnlyList<IPNetwork> Proxies { get; init; } = [];

    /// <summary>
    /// Soft mode: senders, recipients and messages that would be refused for good (5xx) are put off (4xx) instead, so that nothing
    /// bounces while a configuration is tried out.
    /// </summary>
    public bool Soft { get; init; }
}
