using System.Text;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;
using SmimeGateway.Tests.Relaying;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests;

public sealed class BrokenAttemptTests : IAsyncDisposable
{
    private static readonly QueueOptions Options = new() { WarnAfter = TimeSpan.FromDays(1), GiveUpAfter = TimeSpan.FromDays(2) };

    private readonly RememberingQueue _queue = new();
    private readonly ManualTimeProvider _time = new();
    private readonly AnsweringDelivery _broken = new(width: 1) { Answer = _ => throw new InvalidOperationException("a bug") };
    private readonly AnsweringDelivery _sound = new(width: 1);

    public async ValueTask DisposeAsync()
    {
        await _broken.DisposeAsync();
        await _sound.DisposeAsync();
        await _queue.DisposeAsync();
    }

    [Fact]
    public async Task A_message_that_breaks_every_attempt_is_warned_of_once_and_given_up_when_its_time_is_over_and_not_before()
    {
        _queue.Aging = message => message with { Age = message.Age + TimeSpan.FromHours(1) };
        _queue.Add(SomeQueued.To("bob@example.net"));

        await RunAsync();

        var states = _queue.Records.Select(record => record.Attempt.Recipients.Single().Status.Action).ToList();
        states.SkipLast(1).ShouldAllBe(state => state == DeliveryAction.Delayed);
        states[^1].ShouldBe(DeliveryAction.Failed);
        states.Count.ShouldBe(49);
        _queue.Reports.Count.ShouldBe(2);
        Encoding.UTF8.GetString(_queue.Reports.First().Content.Span).ShouldContain("Action: delayed");
        Encoding.UTF8.GetString(_queue.Reports.Last().Content.Span).ShouldContain("Action: failed");
    }

    [Fact]
    public async Task Who_was_reached_by_another_way_out_is_neither_sent_to_again_nor_reported()
    {
        _queue.Aging = message => message with { Age = TimeSpan.FromDays(3), Attempts = 100 };
        _queue.Add(SomeQueued.To("bob@example.net", "carol@sound.example"));

        await RunAsync();

        _sound.Attempts.Count.ShouldBe(1);
        _broken.Attempts.Count.ShouldBe(2);
        Encoding.UTF8.GetString(_queue.Reports.ShouldHaveSingleItem().Content.Span).ShouldNotContain("carol@sound.example");
    }

    private async Task RunAsync()
    {
        await using var bed = new LoopBed(_queue, _time, Options, ("*@sound.example", _sound), ("*", _broken));
        bed.Start();
        await Eventually.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return _queue.IsEmpty;
        });
    }
}
