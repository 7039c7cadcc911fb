using Serilog.Events;
using SmimeGateway.Host.Telemetry;
using SmimeGateway.Settings;
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

    [Fact]
    public void A_level_chosen_for_a_while_returns_and_says_so()
    {
        using var control = new LogLevelControl(new LogOptions(), _time);
        List<LogThreshold> returned = [];
        control.Returned = returned.Add;

        var state = control.Choose(LogThreshold.Error, TimeSpan.FromMinutes(15));
        state.ShouldBe(new LogLevelState(LogThreshold.Error, _time.GetUtcNow().AddMinutes(15), LogThreshold.Information));
        _time.Advance(TimeSpan.FromMinutes(15));

        control.State.ShouldBe(new LogLevelState(LogThreshold.Information, null, null));
        control.Switch.MinimumLevel.ShouldBe(LogEventLevel.Information);
        returned.ShouldBe([LogThreshold.Information]);
    }

    [Fact]
    public void Debug_lasts_as_long_as_configured_and_any_other_level_for_good_unless_said_otherwise()
    {
        using var control = new LogLevelControl(new LogOptions { DebugRevertsAfter = TimeSpan.FromMinutes(30) }, _time);

        control.Choose(LogThreshold.Debug, duration: null).Until.ShouldBe(_time.GetUtcNow().AddMinutes(30));
        control.Choose(LogThreshold.Warning, duration: null).Until.ShouldBeNull();
        _time.Advance(TimeSpan.FromDays(20));

        control.State.Level.ShouldBe(LogThreshold.Warning);
    }

    [Fact]
    public void Debug_chosen_twice_returns_to_the_level_before_both()
    {
        using var control = new LogLevelControl(new LogOptions { Level = LogThreshold.Warning }, _time);

        control.Choose(LogThreshold.Debug, TimeSpan.FromMinutes(1));
        control.Choose(LogThreshold.Debug, TimeSpan.FromMinutes(10));
        _time.Advance(TimeSpan.FromMinutes(9));
        control.State.Level.ShouldBe(LogThreshold.Debug);
        _time.Advance(TimeSpan.FromMinutes(1));

        control.State.ShouldBe(new LogLevelState(LogThreshold.Warning, null, null));
    }

    [Fact]
    public void A_configuration_that_changes_something_else_leaves_a_chosen_level_alone()
    {
        using var control = new LogLevelControl(new LogOptions(), _time);
        control.Choose(LogThreshold.Debug, TimeSpan.FromMinutes(10));

        control.Apply(new LogOptions { DebugRevertsAfter = TimeSpan.FromHours(1) });

        control.State.Level.ShouldBe(LogThreshold.Debug);
    }

    [Fact]
    public void A_level_that_is_configured_anew_wins_over_a_chosen_one()
    {
        using var control = new LogLevelControl(new LogOptions(), _time);
        control.Choose(LogThreshold.Debug, TimeSpan.FromMinutes(10));

        control.Apply(new LogOptions { Level = LogThreshold.Error });
        _time.Advance(TimeSpan.FromMinutes(10));

        control.State.ShouldBe(new LogLevelState(LogThreshold.Error, null, null));
    }
}
