using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Queueing;
using SmimeGateway.Tests.Queueing;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Reporting;

/// <summary>A delay is told once, whatever becomes of the process that told it.</summary>
public sealed class WarningOverRestartTests : IAsyncDisposable
{
    private static readonly QueueOptions Impatient = new() { Retry = [TimeSpan.FromMinutes(1)], WarnAfter = TimeSpan.FromMinutes(5) };

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly AnsweringDelivery _delivery = new(width: 1)
    {
        Answer = recipient => recipient.Path.LocalPart == "bob" ? Answers.Later : Answers.Accepted,
    };

    private IEnumerable<QueuedMessage> Warnings => _delivery.Attempts.Where(message => message.Envelope.ReversePath.IsNull);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return _delivery.DisposeAsync();
    }

    [Fact]
    public async Task A_restart_does_not_repeat_the_warning()
    {
        await using (var queue = Open())
        {
            await queue.AddAsync(Mail.Some("content"));
            await TryAgainAsync(queue, times: 4);
            Warnings.ShouldBeEmpty();
            await TryAgainAsync(queue, times: 2);
            await Eventually.TrueAsync(() => Warnings.Count() == 1);
        }

        await using var reopened = Open();
        await TryAgainAsync(reopened, times: 5);
        Warnings.Count().ShouldBe(1);
        _delivery.Attempts.Last().IsDelayReported.ShouldBeTrue();
    }

    private DiskQueue Open() => DiskQueue.Open(new DiskQueueOptions(_folder.Path), _time, NullLogger<DiskQueue>.Instance);

    private async Task TryAgainAsync(DiskQueue queue, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var attempts = Tries();
            _time.Advance(Impatient.Retry[0]);
            await using var bed = new LoopBed(queue, _time, Impatient, ("*", _delivery));
            bed.Start();
            await Eventually.TrueAsync(() => Tries() > attempts && !HoldsReport(queue));
        }
    }

    private int Tries() => _delivery.Attempts.Count(message => !message.Envelope.ReversePath.IsNull);

    private static bool HoldsReport(DiskQueue queue) => queue.Summarize().Messages > 1;
}
