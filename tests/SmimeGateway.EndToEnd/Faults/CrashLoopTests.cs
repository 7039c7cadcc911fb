using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Queueing;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>A gateway that dies soon after every start, always in the middle of its deliveries. CRASHES=20 in the environment makes it twenty times.</summary>
public sealed class CrashLoopTests
{
    private const int Messages = 5;

    [Fact]
    public async Task Attempts_that_a_crash_cut_short_are_not_counted_and_nothing_bounces()
    {
        var crashes = Setting.Number("CRASHES") ?? 4;
        await using var silent = new SilentNextHop();
        await using var gateway = new FaultGateway(silent.Port);
        await gateway.StartAsync();
        for (var number = 0; number < Messages; number++)
        {
            (await gateway.Process!.SendAsync("bert@example.com", "bob@example.net", Lines.Message("bert@example.com"))).Code.ShouldBe(250);
        }

        for (var crash = 0; crash < crashes; crash++)
        {
            // An attempt has begun: the next hop was connected to, and says nothing.
            var before = silent.Connections;
            await gateway.KillAndStartAsync();
            await Eventually.TrueAsync(() => silent.Connections > before);
        }

        await gateway.Process!.KillAsync();
        await using var queue = DiskQueue.Open(
            new DiskQueueOptions(gateway.Home.DataFolder + "/queue"), TimeProvider.System, NullLogger<DiskQueue>.Instance);
        var left = await queue.ListAsync(new QueueFilter(), 100, CancellationToken.None);
        left.Count.ShouldBe(Messages);
        left.ShouldAllBe(static message => message.Attempts == 0 && message.Envelope.ReversePath.Address == "bert@example.com");
    }
}
