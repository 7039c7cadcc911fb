using SmimeGateway.Settings;

namespace SmimeGateway.Host.Admin;

/// <summary>Asks for another level of the log.</summary>
/// <param name="Level">The level.</param>
/// <param name="For">How long, such as <c>15m</c>; null for as long as the level lasts by itself.</param>
internal sealed record LogLevelRequest(LogThreshold Level, string? For)
{
    /// <summary>The longest time for which a level can be chosen.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);
}
