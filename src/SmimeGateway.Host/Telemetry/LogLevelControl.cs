using Serilog.Core;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Telemetry;

/// <summary>
/// The level of the log while the gateway runs. Debug that was switched on at run time returns to the former level by itself, because
/// nobody remembers to switch it off and it fills disks.
/// </summary>
internal sealed class LogLevelControl : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private LogOptions _configured;
    private LogThreshold _level;
    private LogThreshold _lasting;
    private DateTimeOffset? _until;
    private ITimer? _revert;

    public LogLevelControl(LogOptions options, TimeProvider time)
    {
        _time = time;
        _configured = options;
        _level = _lasting = options.Level;
        Switch = new LoggingLevelSwitch(LogPipeline.ToLevel(options.Level));
    }

    /// <summary>The switch the log obeys.</summary>
    public LoggingLevelSwitch Switch { get; }

    /// <summary>Called when a level returned by itself, with the level in force again.</summary>
    public Action<LogThreshold>? Returned { get; set; }

    /// <summary>The level in force.</summary>
    public LogLevelState State
    {
        get
        {
            lock (_lock)
            {
                return new LogLevelState(_level, _until, _until is null ? null : _lasting);
            }
        }
    }

    /// <summary>Takes over what was just configured. A level that the file leaves as it was does not undo one that was chosen meanwhile.</summary>
    public void Apply(LogOptions options)
    {
        lock (_lock)
        {
            var former = _configured.Level;
            _configured = options;
            if (options.Level != former)
            {
                Change(options.Level, duration: null);
            }
        }
    }

    /// <summary>Chooses a level.</summary>
    /// <param name="level">The level.</param>
    /// <param name="duration">How long; null for good, or, for debug, as long as configured.</param>
    public LogLevelState Choose(LogThreshold level, TimeSpan? duration)
    {
        lock (_lock)
        {
            Change(level, duration);
        }

        return State;
    }

    public void Dispose() => _revert?.Dispose();

    private void Change(LogThreshold level, TimeSpan? duration)
    {
        _revert?.Dispose();
        _revert = null;
        _until = null;
        _level = level;
        Switch.MinimumLevel = LogPipeline.ToLevel(level);

        duration ??= level == LogThreshold.Debug ? _configured.DebugRevertsAfter : null;
        if (level == _lasting || duration is not { } limit)
        {
            _lasting = level;
            return;
        }

        _until = _time.GetUtcNow() + limit;
        _revert = _time.CreateTimer(Return, _until, limit, Timeout.InfiniteTimeSpan);
    }

    private void Return(object? until)
    {
        lock (_lock)
        {
            // A timer that was replaced may have fired already.
            if (!Equals(_until, until))
            {
                return;
            }

            Change(_lasting, duration: null);
        }

        Returned?.Invoke(_lasting);
    }
}
