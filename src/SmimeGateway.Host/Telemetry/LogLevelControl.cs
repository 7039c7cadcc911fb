using Serilog.Core;
using Serilog.Events;

namespace SmimeGateway.Host.Telemetry;

/// <summary>
/// The level of the log while the gateway runs. Debug that was switched on at run time returns to the former level by itself, because
/// nobody remembers to switch it off and it fills disks.
/// </summary>
internal sealed class LogLevelControl : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private ITimer? _revert;

    public LogLevelControl(LogOptions options, TimeProvider time)
    {
        _time = time;
        Switch = new LoggingLevelSwitch(LogPipeline.ToLevel(options.Level));
    }

    /// <summary>The switch the log obeys.</summary>
    public LoggingLevelSwitch Switch { get; }

    /// <summary>Takes over a level that was just configured.</summary>
    public void Apply(LogOptions options)
    {
        lock (_lock)
        {
            var level = LogPipeline.ToLevel(options.Level);
            if (level == Switch.MinimumLevel)
            {
                return;
            }

            _revert?.Dispose();
            _revert = null;
            var former = Switch.MinimumLevel;
            Switch.MinimumLevel = level;
            if (level == LogEventLevel.Debug)
            {
                _revert = _time.CreateTimer(_ => Switch.MinimumLevel = former, state: null, options.DebugRevertsAfter, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose() => _revert?.Dispose();
}
