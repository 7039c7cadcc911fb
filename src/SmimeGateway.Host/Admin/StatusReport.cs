namespace SmimeGateway.Host.Admin;

/// <summary>How the running gateway is doing, on one screen.</summary>
/// <param name="Version">The version of the gateway.</param>
/// <param name="HostName">The name it gives itself.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="Started">Since when it runs.</param>
/// <param name="UptimeSeconds">How long it has been running.</param>
/// <param name="Listeners">Where it listens.</param>
/// <param name="Messages">What happened to messages since the start.</param>
/// <param name="Queue">What waits.</param>
/// <param name="Certificates">The certificates that end soonest, the first first.</param>
/// <param name="NextHops">The routes and where they lead.</param>
/// <param name="LogLevel">The level of the log now.</param>
/// <param name="MemoryBytes">Memory in use by the process.</param>
internal sealed record StatusReport(
    string Version,
    string HostName,
    int ProcessId,
    DateTimeOffset Started,
    double UptimeSeconds,
    IReadOnlyList<string> Listeners,
    MessageFigures Messages,
    QueueFigures Queue,
    IReadOnlyList<CertificateFigures> Certificates,
    IReadOnlyList<NextHopFigures> NextHops,
    string LogLevel,
    long MemoryBytes);

/// <summary>Counters since the start.</summary>
/// <param name="Accepted">Messages accepted.</param>
/// <param name="Deferred">Messages put off with 4xx.</param>
/// <param name="Rejected">Messages refused with 5xx.</param>
/// <param name="Signed">Messages signed.</param>
/// <param name="Delivered">Recipients delivered.</param>
/// <param name="Retried">Recipients put off by a next hop.</param>
/// <param name="Failed">Recipients given up.</param>
/// <param name="AcceptedPerSecond">The mean since the start.</param>
internal sealed record MessageFigures(
    long Accepted, long Deferred, long Rejected, long Signed, long Delivered, long Retried, long Failed, double AcceptedPerSecond);

/// <summary>What waits in the queue.</summary>
/// <param name="Messages">Messages with a pending recipient.</param>
/// <param name="Recipients">Pending recipients.</param>
/// <param name="Bytes">Their content.</param>
/// <param name="Oldest">When the oldest was accepted.</param>
internal sealed record QueueFigures(int Messages, int Recipients, long Bytes, DateTimeOffset? Oldest);

/// <summary>How long a certificate lives.</summary>
/// <param name="Source">The configured source.</param>
/// <param name="Addresses">For whom it is.</param>
/// <param name="NotAfter">Its last moment.</param>
/// <param name="DaysLeft">Whole days until then; negative when it is over.</param>
internal sealed record CertificateFigures(string Source, IReadOnlyList<string> Addresses, DateTimeOffset NotAfter, int DaysLeft);

/// <summary>Where a route leads.</summary>
/// <param name="Recipients">The patterns of the route.</param>
/// <param name="Target">Its hosts or its folder.</param>
internal sealed record NextHopFigures(IReadOnlyList<string> Recipients, string Target);
