using SmimeGateway.Settings;

namespace SmimeGateway.Host.Telemetry;

/// <summary>The level of the log, and how long it stays.</summary>
/// <param name="Level">What is logged now.</param>
/// <param name="Until">When the level returns by itself; null when it stays.</param>
/// <param name="Then">The level it returns to; null when it stays.</param>
internal sealed record LogLevelState(LogThreshold Level, DateTimeOffset? Until, LogThreshold? Then);
