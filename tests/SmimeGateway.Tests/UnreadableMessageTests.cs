using System.Text;
using SmimeGateway.Queueing;
using SmimeGateway.Queueing.Journal;
using SmimeGateway.Smtp;
using SmimeGateway.Smtp.Client;
using SmimeGateway.Tests.Relaying;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests;

public sealed class UnreadableMessageTests : IAsyncDisposable
{
    private static readonly QueueOptions Options = new() { WarnAfter = TimeSpan.FromDays(1), GiveUpAfter = TimeSpan.FromDays(2) };

    private readonly RememberingQueue _queue = new();
    private readonly ManualTimeProvider _time = new();
    private readonly AnsweringDelivery _delivery = new(width: 1);

    public async ValueTask DisposeAsync()
    {
        await _delivery.DisposeAsync();
        await _queue.DisposeAsync();
    }

    [Fact]
    public async Task The_sender_of_a_damaged_message_is_told_at_once_and_nothing_of_it_is_sent()
    {
        _queue.Add(Unreadable(isDamage: true));

        await RunAsync();

        _delivery.Attempts.ShouldBeEmpty();
        _queue.Records.Single().Attempt.Recipients.Single().Status.Action.ShouldBe(DeliveryAction.Failed);
        var report = Encoding.UTF8.GetString(_queue.Reports.ShouldHaveSingleItem().Content.Span);
        report.ShouldContain("Status: 5.3.0");
        report.ShouldContain("damaged");
        report.ShouldContain("bob@example.net");
    }

    [Fact]
    public async Task A_message_that_the_disk_does_not_give_is_tried_again_warned_of_and_given_up_with_a_report()
    {
        _queue.Aging = message => message with { Age = message.Age + TimeSpan.FromHours(1) };
        _queue.Add(Unreadable(isDamage: false));

        await RunAsync();

        _delivery.Attempts.ShouldBeEmpty();
        var states = _queue.Records.Select(record => record.Attempt.Recipients.Single().Status.Action).ToList();
        states.SkipLast(1).ShouldAllBe(state => state == DeliveryAction.Delayed);
        states[^1].ShouldBe(DeliveryAction.Failed);
        _queue.Reports.Select(report => Encoding.UTF8.GetString(report.Content.Span).Contains("Action: failed", StringComparison.Ordinal)).ShouldBe([false, true]);
    }

    private static QueuedMessage Unreadable(bool isDamage) => SomeQueued.To("bob@example.net") with
    {
        Content = new MessageContent(100, Nothing()),
        Unreadable = new ReadFailure("a reason", isDamage),
    };

    private static IEnumerable<ReadOnlyMemory<byte>> Nothing()
    {
        yield return true ? throw new IOException("nothing") : default;
    }

    private async Task RunAsync()
    {
        await using var bed = new LoopBed(_queue, _time, Options, ("*", _delivery));
        bed.Start();
        await Eventually.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return _queue.IsEmpty;
        });
    }
}
