using SmimeGateway.Queueing;
using SmimeGateway.Smtp;
using SmimeGateway.Tests.Relaying;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests;

/// <summary>Mail of a route that cannot be reached costs nothing until its sender has to hear of it.</summary>
public sealed class OverdueTests : IAsyncDisposable
{
    private readonly RememberingQueue _queue = new() { TriesAgain = false };
    private readonly AnsweringDelivery _delivery = new(width: 1) { IsOut = true, Answer = _ => Answers.Later };
    private readonly LoopBed _loop;

    public OverdueTests()
    {
        _loop = new LoopBed(_queue, TimeProvider.System, new QueueOptions(), ("*", _delivery));
        _loop.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        await _delivery.DisposeAsync();
        await _queue.DisposeAsync();
    }

    [Fact]
    public async Task What_was_not_tried_and_is_not_overdue_waits_on_without_a_record()
    {
        _queue.Add(SomeQueued.To("bob@example.net"));
        await Eventually.TrueAsync(() => _delivery.Attempts.Count > 3);
        _queue.Records.ShouldBeEmpty();

        // In this order: an attempt between the two is as good as one after them.
        _delivery.Answer = _ => Answers.Accepted;
        _delivery.IsOut = false;
        await Eventually.TrueAsync(() => _queue.IsEmpty);
        _queue.Records.ShouldHaveSingleItem().Attempt.Recipients.Single().Status.Action.ShouldBe(DeliveryAction.Delivered);
    }

    [Fact]
    public async Task What_was_not_tried_and_is_overdue_is_recorded_so_that_its_sender_hears_of_it()
    {
        _queue.Add(SomeQueued.To("bob@example.net") with { IsOverdue = true });

        await Eventually.TrueAsync(() => _queue.IsEmpty);

        _delivery.Attempts.Count.ShouldBe(1);
        _queue.Records.ShouldHaveSingleItem().Attempt.Recipients.Single().Status.Action.ShouldBe(DeliveryAction.Delayed);
    }

    [Fact]
    public async Task What_was_not_tried_because_the_gateway_stops_at_once_is_nobodys_news_overdue_or_not()
    {
        using var isTrying = new ManualResetEventSlim();
        using var mayAnswer = new ManualResetEventSlim();
        _delivery.Answer = _ =>
        {
            isTrying.Set();
            mayAnswer.Wait(TimeSpan.FromSeconds(30));
            return Answers.Later;
        };
        _queue.Add(SomeQueued.To("bob@example.net") with { IsOverdue = true });
        await Eventually.TrueAsync(() => isTrying.IsSet);
        await Eventually.EndsAsync(_loop.StopAsync(new CancellationToken(canceled: true)));

        mayAnswer.Set();
        await Eventually.EndsAsync(_loop.StopAsync(CancellationToken.None));

        _queue.Records.ShouldBeEmpty();
        _queue.IsEmpty.ShouldBeFalse();
    }
}
