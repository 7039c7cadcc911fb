using Serilog.Events;

namespace SmimeGateway.Host.Telemetry;

/// <summary>A line of the log, for whoever reads along.</summary>
/// <param name="Time">When it was written.</param>
/// <param name="Level">Its level.</param>
/// <param name="Text">As it stands in the log file, without the line end.</param>
internal sealed record LogLine(DateTimeOffset Time, LogEventLevel Level, string Text);
