using SmimeGateway.Queueing;
using SmimeGateway.Relaying.Pooling;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Relaying.Pooling;

public sealed class PaceTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void A_crowd_passes_evenly_spread_in_the_order_of_asking_each_looked_at_twice()
    {
        var pace = new Pace(60, _time);
        var crowd = Enumerable.Range(0, 100).Select(number => new QueueId($"Q{number:00000000000}")).ToList();

        var waits = crowd.Select(pace.Ask).ToList();

        waits.ShouldBe(Enumerable.Range(0, 100).Select(number => TimeSpan.FromSeconds(number)));
        for (var number = 1; number < 100; number++)
        {
            pace.Ask(crowd[number]).ShouldBeGreaterThan(TimeSpan.Zero);
            _time.Advance(TimeSpan.FromSeconds(1));
            pace.Ask(crowd[number]).ShouldBe(TimeSpan.Zero);
        }
    }

    [Fact]
    public void Somebody_new_stands_behind_those_who_wait()
    {
        var pace = new Pace(60, _time);
        pace.Ask(new QueueId("Q1"));
        pace.Ask(new QueueId("Q2"));

        pace.Ask(new QueueId("Q3")).ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void After_a_quiet_time_nobody_waits_and_nothing_was_saved_up()
    {
        var pace = new Pace(60, _time);
        pace.Ask(new QueueId("Q1"));
        _time.Advance(TimeSpan.FromHours(1));

        pace.Ask(new QueueId("Q2")).ShouldBe(TimeSpan.Zero);
        pace.Ask(new QueueId("Q3")).ShouldBe(TimeSpan.FromSeconds(1));
    }
}
