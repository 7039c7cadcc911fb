using SmimeGateway.Queueing;

namespace SmimeGateway.Relaying;

/// <summary>How one route is doing.</summary>
/// <param name="Recipients">The patterns it is for.</param>
/// <param name="Target">Its hosts or its folder.</param>
/// <param name="Active">Messages being sent now.</param>
/// <param name="MaxActive">How many at most.</param>
/// <param name="Queue">What waits for it.</param>
/// <param name="NextHops">Every address used so far.</param>
public sealed record RouteStatus(
    IReadOnlyList<string> Recipients, string Target, int Active, int MaxActive, RouteQueueFigures Queue, IReadOnlyList<NextHopStatus> NextHops)
{
    /// <summary>How many messages it sends within a minute at most; null for any number.</summary>
    public int? MessagesPerMinute { get; init; }
}
