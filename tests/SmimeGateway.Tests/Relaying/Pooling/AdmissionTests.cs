using SmimeGateway.Relaying.Pooling;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Relaying.Pooling;

public sealed class AdmissionTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Those_who_come_when_all_places_are_taken_wait_for_the_next_one()
    {
        var admission = new Admission(1, TimeSpan.FromSeconds(2), _time);
        var entered = _time.GetTimestamp();
        (await admission.TryEnterAsync(default)).ShouldBeTrue();

        var second = admission.TryEnterAsync(default).AsTask();
        second.IsCompleted.ShouldBeFalse();
        admission.Leave(entered);

        (await Eventually.EndsAsync(second)).ShouldBeTrue();
    }

    [Fact]
    public async Task Slow_places_turn_others_away_until_they_are_quick_again()
    {
        var admission = new Admission(1, TimeSpan.FromSeconds(2), _time);
        for (var i = 0; i < 8; i++)
        {
            await StayAsync(admission, TimeSpan.FromSeconds(10));
        }

        await admission.TryEnterAsync(default);
        var entered = _time.GetTimestamp();
        (await admission.TryEnterAsync(default)).ShouldBeFalse();
        admission.Leave(entered);

        for (var i = 0; i < 50; i++)
        {
            await StayAsync(admission, TimeSpan.FromMilliseconds(1));
        }

        entered = _time.GetTimestamp();
        await admission.TryEnterAsync(default);
        var waiting = admission.TryEnterAsync(default).AsTask();
        waiting.IsCompleted.ShouldBeFalse();
        admission.Leave(entered);
        (await Eventually.EndsAsync(waiting)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_free_place_is_given_however_slow_it_was_before()
    {
        var admission = new Admission(1, TimeSpan.FromSeconds(2), _time);
        await StayAsync(admission, TimeSpan.FromHours(1));

        (await admission.TryEnterAsync(default)).ShouldBeTrue();
    }

    private async Task StayAsync(Admission admission, TimeSpan stay)
    {
        (await admission.TryEnterAsync(default)).ShouldBeTrue();
        var entered = _time.GetTimestamp();
        _time.Advance(stay);
        admission.Leave(entered);
    }
}
