using System.ComponentModel.DataAnnotations;
using System.Net;
using SmimeGateway.Settings;

namespace SmimeGateway.Relaying;

/// <summary>Where mail for some recipients goes next: exactly one of hosts and folder.</summary>
/// <example>
/// <code>
/// { "recipients": "*@partner.example", "hosts": ["mx1.partner.example:25", "[2001:db8::25]:25"], "tls": "required", "connections": 20 }
/// {
///   "recipients": "*@bank.example", "hosts": "mx.bank.example:465", "tls": "implicit",
///   "trust": { "roots": "trust/bank.pem" }, "certificate": { "pkcs12": "tls/client.pfx", "password": { "env": "CLIENT_PASSWORD" } },
///   "minimumVersion": "1.3"
/// }
/// {
///   "recipients": "*", "hosts": "smtp.example.net:587", "tls": "required",
///   "authentication": { "user": "gateway", "password": { "file": "relay.password" } }, "chunking": false, "connectionsPerHost": 10,
///   "messagesPerMinute": 600
/// }
/// { "recipients": "*", "hosts": "smtp.example.net:587", "tls": "required", "proxy": "socks5://gateway@proxy.example.com:1080",
///   "proxyPassword": { "file": "proxy.password" } }
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

    /// <summary>A folder that receives every message as an .eml file that only the gateway's account may read, instead of hosts.</summary>
    [Notation(Notation.WrittenPath)]
    public string? Folder { get; init; }

    /// <summary>Whether the connection to a host is encrypted, and whether its certificate is judged.</summary>
    public RouteTls Tls { get; init; } = RouteTls.WhenOffered;

    /// <summary>Which certificate a host must show; with tls required and implicit.</summary>
    public RouteTrustOptions? Trust { get; init; }

    /// <summary>The certificate the gateway shows to a host that asks for one; with tls required and implicit.</summary>
    public RouteCertificateOptions? Certificate { get; init; }

    /// <summary>The oldest version of TLS that is spoken; with tls required and implicit.</summary>
    public TlsVersion MinimumVersion { get; init; } = TlsVersion.Tls12;

    /// <summary>How the gateway logs in to a host.</summary>
    public RouteAuthenticationOptions? Authentication { get; init; }

    /// <summary>
    /// A proxy through which the hosts are reached, as <c>socks5://</c> (RFC 1928) or <c>http://</c> (CONNECT), with its port and, where it
    /// asks who comes, a user; it also finds the addresses of the hosts. Tokens are fetched through it as well.
    /// </summary>
    [Notation(Notation.ProxyAddress)]
    public string? Proxy { get; init; }

    /// <summary>The password of the proxy's user, read anew for each connection.</summary>
    public SecretOptions? ProxyPassword { get; init; }

    /// <summary>Whether content goes in chunks (BDAT) to a host that offers them; false is the way around a host that gets them wrong.</summary>
    public bool Chunking { get; init; } = true;

    /// <summary>The most connections at a time to the hosts of this route.</summary>
    [Range(1, 1000)]
    public int Connections { get; init; } = 20;

    /// <summary>The most connections at a time to one host: what is more goes to the next one.</summary>
    /// <value>connections</value>
    [Range(1, 1000)]
    public int? ConnectionsPerHost { get; init; }

    /// <summary>The most messages that this route sends in a minute, evenly spread; the others wait in the queue.</summary>
    /// <value>unlimited</value>
    [Range(1, 1_000_000)]
    public int? MessagesPerMinute { get; init; }
}

/// <summary>Whether the connection to a next hop is encrypted.</summary>
public enum RouteTls
{
    /// <summary>Never.</summary>
    Off,

    /// <summary>
    /// Where both sides can; otherwise the mail goes out over a plain connection. Nobody's certificate is judged: whoever sits in between
    /// could as well take the offer away.
    /// </summary>
    WhenOffered,

    /// <summary>By STARTTLS, with a certificate that is judged. Otherwise no mail is sent, and it waits.</summary>
    Required,

    /// <summary>From the first byte on, usually at port 465, with a certificate that is judged. Otherwise no mail is sent, and it waits.</summary>
    Implicit,
}
