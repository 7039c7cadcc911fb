using SmimeGateway.Accepting;
using SmimeGateway.Host.Telemetry;
using SmimeGateway.Locating.Dkim;
using SmimeGateway.Relaying;

namespace SmimeGateway.Host.Admin;

/// <summary>How the running gateway is doing, on one screen.</summary>
/// <param name="Version">The version of the gateway.</param>
/// <param name="HostName">The name it gives itself.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="Started">Since when it runs.</param>
/// <param name="UptimeSeconds">How long it has been running.</param>
/// <param name="Listeners">Where it listens, and how.</param>
/// <param name="NeedsRestart">What the configuration says, and only a restart brings about.</param>
/// <param name="Messages">What happened to messages since the start.</param>
/// <param name="Clients">Who was let in and who was not.</param>
/// <param name="Queue">What waits.</param>
/// <param name="Certificates">The certificates that end soonest, the first first.</param>
/// <param name="Health">What is wrong.</param>
/// <param name="Dkim">The domains that sign mail.</param>
/// <param name="Routes">The routes, where they lead, and how the next hops there are doing.</param>
/// <param name="LogLevel">The level of the log now, and how long it lasts.</param>
/// <param name="Memory">Memory in use.</param>
internal sealed record StatusReport(
    string Version,
    string HostName,
    int ProcessId,
    DateTimeOffset Started,
    double UptimeSeconds,
    IReadOnlyList<ListenerFigures> Listeners,
    IReadOnlyList<string> NeedsRestart,
    MessageFigures Messages,
    ClientFigures Clients,
    QueueFigures Queue,
    IReadOnlyList<CertificateFigures> Certificates,
    HealthReport Health,
    IReadOnlyList<DkimFigures> Dkim,
    IReadOnlyList<RouteStatus> Routes,
    LogLevelState LogLevel,
    MemoryFigures Memory);

/// <summary>Counters since the start.</summary>
/// <param name="Accepted">Messages accepted.</param>
/// <param name="Deferred">Messages put off with 4xx.</param>
/// <param name="Rejected">Messages refused with 5xx.</param>
/// <param name="Broken">Of those put off, the ones that met an internal error.</param>
/// <param name="Signed">Messages signed, each copy for itself.</param>
/// <param name="Encrypted">Messages encrypted, each copy for itself.</param>
/// <param name="Held">Messages held for want of a certificate to encrypt to.</param>
/// <param name="DomainSigned">Messages signed by a domain (DKIM), each copy for itself.</param>
/// <param name="Harvested">Certificates, or news of what their owners read, kept from signed mail.</param>
/// <param name="Delivered">Recipients delivered.</param>
/// <param name="Retried">Recipients put off by a next hop.</param>
/// <param name="Failed">Recipients given up.</param>
/// <param name="AcceptedPerSecond">The mean since the start.</param>
internal sealed record MessageFigures(
    long Accepted,
    long Deferred,
    long Rejected,
    long Broken,
    long Signed,
    long Encrypted,
    long Held,
    long DomainSigned,
    long Harvested,
    long Delivered,
    long Retried,
    long Failed,
    double AcceptedPerSecond);

/// <summary>What waits in the queue.</summary>
/// <param name="Messages">Messages with a pending recipient.</param>
/// <param name="Recipients">Pending recipients.</param>
/// <param name="Deferred">Of these messages, those that were tried and wait for their time.</param>
/// <param name="Held">Those that wait for their release.</param>
/// <param name="Waiting">Those that wait for a certificate to encrypt to.</param>
/// <param name="Active">Those being delivered.</param>
/// <param name="Bytes">Their content.</param>
/// <param name="Oldest">When the oldest was accepted.</param>
internal sealed record QueueFigures(int Messages, int Recipients, int Deferred, int Held, int Waiting, int Active, long Bytes, DateTimeOffset? Oldest);

/// <summary>How long a certificate lives.</summary>
/// <param name="Source">What it is used for: a source, a listener, a route or an authority.</param>
/// <param name="Addresses">For whom it is, or its subject.</param>
/// <param name="NotAfter">Its last moment.</param>
/// <param name="DaysLeft">Whole days until then; negative when it is over.</param>
internal sealed record CertificateFigures(string Source, IReadOnlyList<string> Addresses, DateTimeOffset NotAfter, int DaysLeft);

/// <summary>Those who were let in, and those who were not, since the start.</summary>
/// <param name="ConnectionsRefused">Connections turned away because there were too many.</param>
/// <param name="MemoryRefusals">Messages put off because no memory came free for them.</param>
/// <param name="Logins">Logins that succeeded.</param>
/// <param name="LoginsFailed">Logins that failed.</param>
/// <param name="LoginsRefused">Logins that were not looked at, because too many from the same address had failed.</param>
internal sealed record ClientFigures(long ConnectionsRefused, long MemoryRefusals, long Logins, long LoginsFailed, long LoginsRefused);

/// <summary>Memory, in bytes.</summary>
/// <param name="Process">In use by the process.</param>
/// <param name="Messages">Taken by messages under way.</param>
/// <param name="MessagesMost">What they may take.</param>
/// <param name="Waiting">How many messages wait for some.</param>
internal sealed record MemoryFigures(long Process, long Messages, long MessagesMost, int Waiting);

/// <summary>A domain that signs mail.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Selector">Which key of it.</param>
/// <param name="Key">The kind of the key; null while there is none.</param>
/// <param name="Mail">Which mail it signs.</param>
internal sealed record DkimFigures(string Domain, string Selector, string? Key, DkimMail Mail);

/// <summary>A listener.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Endpoint">Address and port.</param>
/// <param name="Tls">Whether connections are encrypted.</param>
/// <param name="Authentication">Whether clients log in.</param>
internal sealed record ListenerFigures(string Name, string Endpoint, ListenerTlsMode Tls, ListenerAuthenticationMode Authentication);
