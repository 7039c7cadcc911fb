using System.ComponentModel.DataAnnotations;

namespace SmimeGateway.Accepting;

/// <summary>What one client, one connection and one message may use.</summary>
/// <example>
/// <code>
/// {
///   "messageSize": "50MB", "lineLength": "10MB", "recipients": 1000, "headerFields": 2000, "connections": 500, "connectionsPerClient": 50,
///   "idle": "5m", "transaction": "10m", "minimumRate": 500, "errors": 20
/// }
/// </code>
/// </example>
public sealed record ListenerLimits
{
    /// <summary>The biggest message, in bytes as received; announced with SIZE.</summary>
    [Range(typeof(long), "1000", "2000000000")]
    public long MessageSize { get; init; } = 50_000_000;

    /// <summary>
    /// The longest line of a message, in bytes. Standards promise no more than 998, but programs write whole pages and attachments into one
    /// line. What is signed or encrypted leaves in short lines.
    /// </summary>
    [Range(typeof(long), "998", "2000000000")]
    public long LineLength { get; init; } = 10_000_000;

    /// <summary>The most recipients of one message. RFC 5321 asks for at least 100.</summary>
    [Range(1, 100_000)]
    public int Recipients { get; init; } = 1000;

    /// <summary>The most fields in the header of a message as the client sends it; one with more is refused with 554. Ordinary mail has fewer than a hundred.</summary>
    [Range(100, 10_000)]
    public int HeaderFields { get; init; } = 2000;

    /// <summary>
    /// The most connections at a time. When four of five are in use the listener is crowded: clients may stay silent for ten seconds
    /// only, and messages must come in with <c>minimumRate</c>. When all are in use, the one that has been silent the longest makes room,
    /// or else the one whose message comes most slowly.
    /// </summary>
    [Range(1, 100_000)]
    public int Connections { get; init; } = 500;

    /// <summary>The most connections at a time from one address.</summary>
    [Range(1, 100_000)]
    public int ConnectionsPerClient { get; init; } = 50;

    /// <summary>How long a client may stay silent. RFC 5321 asks for five minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long one message may take from MAIL to the final dot.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Transaction { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The octets per second with which a message must come in while the listener is crowded; 0 for any.</summary>
    [Range(0, 1_000_000)]
    public int MinimumRate { get; init; } = 500;

    /// <summary>How many errors a client may make before its connection is closed.</summary>
    [Range(1, 10_000)]
    public int Errors { get; init; } = 20;
}
