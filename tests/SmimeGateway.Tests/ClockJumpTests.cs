using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Queueing;
using SmimeGateway.Tests.Queueing;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests;

/// <summary>
/// The wall clock jumps while many messages wait: ten years ahead, back, and a day behind. <c>QUEUED=10000</c> for as many as a bad day has.
/// </summary>
public sealed class ClockJumpTests : IAsyncDisposable
{
    // The longest pause of the schedule, spread as far as it is ever spread.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(30) * 1.25;

    private static readonly int Queued =
        int.Parse(Environment.GetEnvironmentVariable("QUEUED") ?? "500", CultureInfo.InvariantCulture);

    private readonly QueueOptions _options = new() { WarnAfter = TimeSpan.FromDays(1) };
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly AnsweringDelivery _delivery = new(width: 1) { Answer = _ => Answers.Later };

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return _delivery.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_bounces_too_soon_nothing_stalls_and_the_order_stays()
    {
        await using var queue = DiskQueue.Open(new DiskQueueOptions(_folder.Path), _time, NullLogger<DiskQueue>.Instance);
        foreach (var numbers in Enumerable.Range(0, Queued).Chunk(100))
        {
            var outcome = await queue.EnqueueAsync([.. numbers.Select(number => Mail.Some($"{number}"))], CancellationToken.None);
            outcome.IsStored.ShouldBeTrue(outcome.Refusal);
        }

        await AllAreTriedAsync(queue, "at first");

        // Eight attempts are more than any guard against a wrong clock asks for: from then on the age alone decides.
        for (var round = 0; round < 8; round++)
        {
            await AllAreTriedAgainAsync(queue, "by the schedule");
        }

        _time.Jump(TimeSpan.FromDays(3652));
        await AllAreTriedAgainAsync(queue, "ten years ahead");
        _time.Jump(TimeSpan.FromDays(-3653));
        await AllAreTriedAgainAsync(queue, "a day behind");
        _time.Jump(TimeSpan.FromDays(1));
        await AllAreTriedAgainAsync(queue, "with the clock set right");
        _delivery.Answer = _ => Answers.Accepted;
        await AllAreTriedAgainAsync(queue, "for the last time");

        queue.Summarize().Messages.ShouldBe(0);
    }

    private Task AllAreTriedAgainAsync(DiskQueue queue, string when)
    {
        _delivery.Attempts.Clear();
        _time.Advance(LongestPause);
        return AllAreTriedAsync(queue, when);
    }

    private async Task AllAreTriedAsync(DiskQueue queue, string when)
    {
        // The loop ends with each round, so that every attempt is recorded before the clock moves.
        await using (var bed = new LoopBed(queue, _time, _options, ("*", _delivery)))
        {
            bed.Start();
            await Eventually.TrueAsync(() => _delivery.Attempts.Count >= Queued, wanted: $"every message is tried {when}");
        }

        _delivery.Attempts.Count(message => message.Envelope.ReversePath.IsNull).ShouldBe(0, $"bounces and warnings {when}");
        _delivery.Attempts.Select(message => int.Parse(Encoding.ASCII.GetString(message.Content.Read().Span), CultureInfo.InvariantCulture))
            .ShouldBe(Enumerable.Range(0, Queued), $"in the order of acceptance {when}");
    }
}
