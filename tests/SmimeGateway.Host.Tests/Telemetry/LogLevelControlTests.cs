using Serilog.Events;
using SmimeGateway.Host.Telemetry;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Telemetry;

public sealed class LogLevelControlTests
{
    private readonly ManualTimeProvider _time = new(TestPki.Now);

    [Fact]
    public void Debug_that_was_switched_on_while_running_returns_by_itself()
    {
        using var control = new LogLevelControl(new LogOptions { Level = LogThreshold.Warning }, _time);

        control.Apply(new LogOptions { Level = LogThreshold.Debug, DebugRevertsAfter = TimeSpan.FromMinutes(15) });
        control.Switch.MinimumLevel.ShouldBe(LogEventLevel.Debug);
        _time.Advance(TimeSpan.FromMinutes(14));
        control.Switch.MinimumLevel.ShouldBe(LogEventLevel.Debug);
        _time.Advance(TimeSpan.FromMinutes(1));

        control.Switch.MinimumLevel.ShouldBe(LogEventLevel.Warning);
    }

    [Fact]
    public void A_level_chosen_meanwhile_is_not_undone()
    {
        using var control = new LogLevelControl(new LogOptions { Level = LogThreshold.Information }, _time);

        control.Apply(new LogOptions { Level = LogThreshold.Debug, DebugRevertsAfter = TimeSpan.FromMinutes(15) });
        control.Apply(new LogOptions { Level = LogThreshold.Error });
        _time.Advance(TimeSpan.FromHours(1));

        control.Switch.MinimumLevel.ShouldBe(LogEventLevel.Error);
    }
}
