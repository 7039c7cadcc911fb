using System.ComponentModel.DataAnnotations;
using SmimeGateway.Accepting;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Locating.Dkim;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.Settings;

namespace SmimeGateway;

/// <summary>The whole configuration file.</summary>
/// <remarks>Immutable; a reload makes a new one. All paths in it are absolute once loaded.</remarks>
/// <example>
/// <code>
/// {
///   "$schema": "smimegateway.schema.json",
///   "hostName": "gateway.example.com",
///   "dataFolder": "../var",
///   "listeners": [{ "name": "internal", "endpoint": "127.0.0.1:2525" }],
///   "senders": [{ "address": "*@example.com" }],
///   "certificates": { "own": [{ "name": "local", "authority": "ca", "issueFor": "*@example.com" }] },
///   "rules": [{ "name": "sign our domain", "when": { "sender": "*@example.com" }, "sign": { "with": "local" } }],
///   "otherwise": "pass",
///   "dkim": [{ "domain": "example.com", "selector": "s1", "key": { "file": "dkim/s1.pem" } }],
///   "encryption": { "ciphers": ["aes256-gcm", "aes256-cbc"] },
///   "routes": [{ "recipients": "*", "hosts": "smtp.example.net:25" }],
///   "memory": "256MB",
///   "queue": { "disk": "queue" },
///   "log": { "level": "information" },
///   "admin": { "socket": "admin.sock" }
/// }
/// </code>
/// </example>
public sealed record GatewayOptions
{
    /// <summary>The name the gateway gives itself in its greeting, in Received fields and in the Message-ID of its own mail.</summary>
    /// <value>the name of the machine</value>
    [Notation(Notation.HostName)]
    public string HostName { get; init; } = Environment.MachineName.ToLowerInvariant();

    /// <summary>
    /// The folder under which everything lies that the gateway writes: queue, outbox, built-in authority, logs, socket. A relative path
    /// starts at the folder of the configuration file.
    /// </summary>
    [Notation(Notation.ReadPath)]
    public string DataFolder { get; init; } = "../var";

    /// <summary>Where the gateway accepts mail. At least one.</summary>
    [MinLength(1)]
    public IReadOnlyList<ListenerOptions> Listeners { get; init; } = [];

    /// <summary>Who may use which sender address. Mail with an address that no entry grants is refused with 550 5.7.1. At least one.</summary>
    [MinLength(1)]
    public IReadOnlyList<SenderOptions> Senders { get; init; } = [];

    /// <summary>The certificates the gateway signs with, those it encrypts to, and those it trusts.</summary>
    public CertificateOptions Certificates { get; init; } = new();

    /// <summary>What is done to which message. The first rule that matches wins, decided for each recipient.</summary>
    public IReadOnlyList<RuleOptions> Rules { get; init; } = [];

    /// <summary>What happens to a message for a recipient when no rule matches.</summary>
    public WhenNoRuleMatches Otherwise { get; init; }

    /// <summary>The domains that sign mail last of all (DKIM), so that their signatures survive what rules do; none if not given.</summary>
    public IReadOnlyList<DkimOptions> Dkim { get; init; } = [];

    /// <summary>What holds for every rule that encrypts, unless the rule says otherwise.</summary>
    public EncryptionOptions Encryption { get; init; } = new();

    /// <summary>Where mail goes next. The first route that matches a recipient wins; a recipient without a route is refused. At least one.</summary>
    [MinLength(1)]
    public IReadOnlyList<RouteOptions> Routes { get; init; } = [];

    /// <summary>
    /// The memory that all messages together may take while they are received and protected, with every copy that is made for blind
    /// recipients. When it is spent, clients wait for it before they may send, or for the reply to what they sent, up to a minute, and are
    /// then told 452 4.3.1. A message that needs more than all of it is handled alone. Reckon with four times the size of each message. What
    /// waits in the queue waits on the disk. The process takes some 80 MB beside it, and up to a quarter more for a moment.
    /// </summary>
    [Range(typeof(long), "1000000", "1000000000000")]
    public long Memory { get; init; } = 256_000_000;

    /// <summary>Where mail waits, and how often delivery is tried.</summary>
    public QueueOptions Queue { get; init; } = new();

    /// <summary>What is logged, and where.</summary>
    public LogOptions Log { get; init; } = new();

    /// <summary>How the command line reaches the running gateway.</summary>
    public AdminOptions Admin { get; init; } = new();
}
