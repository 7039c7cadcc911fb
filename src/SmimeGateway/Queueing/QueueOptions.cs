using System.ComponentModel.DataAnnotations;
using SmimeGateway.Settings;

namespace SmimeGateway.Queueing;

/// <summary>Where mail waits, and how often delivery is tried.</summary>
/// <example>
/// <code>
/// {
///   "disk": "queue", "retry": ["1m", "2m", "5m", "10m", "15m", "30m"], "giveUpAfter": "5d", "warnAfter": "4h"
/// }
/// </code>
/// </example>
public sealed record QueueOptions
{
    /// <summary>The folder of the queue. Only one gateway may use it at a time.</summary>
    [Notation(Notation.WrittenPath)]
    public string Disk { get; init; } = "queue";

    /// <summary>The pauses between attempts; the last one repeats.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    [MinLength(1)]
    public IReadOnlyList<TimeSpan> Retry { get; init; } =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30),
    ];

    /// <summary>How long delivery is tried before the sender gets the message back.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "100.00:00:00")]
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(5);

    /// <summary>How long a message waits before its sender is told, once, that it is delayed. NOTIFY (RFC 3461) without DELAY spares a sender that.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "100.00:00:00")]
    public TimeSpan WarnAfter { get; init; } = TimeSpan.FromHours(4);
}
