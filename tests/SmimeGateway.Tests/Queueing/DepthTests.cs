using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Queueing;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.Tests.Queueing;

/// <summary>
/// A queue in which many messages wait: 2,000, or what <c>SMIMEGATEWAY_QUEUED</c> says; 100000 gives the figures of docs/reliability.md.
/// </summary>
[Collection(Alone.Name)]
public sealed class DepthTests(ITestOutputHelper output)
{
    private const int AtOnce = 20;
    private const int MessageBytes = 2_000;

    [Fact]
    public async Task A_queue_in_which_many_wait_starts_lists_a_page_and_takes_little_memory()
    {
        var depth = int.Parse(Environment.GetEnvironmentVariable("SMIMEGATEWAY_QUEUED") ?? "2000", CultureInfo.InvariantCulture);
        var sample = Math.Max(depth / 20, 500);
        using var folder = new TemporaryFolder();
        using var otherFolder = new TemporaryFolder();
        await using var empty = Open(otherFolder);
        await PassAsync(empty, sample);
        var memoryBefore = GC.GetTotalMemory(forceFullCollection: true);
        var queue = Open(folder);
        try
        {
            await FillAsync(queue, depth);
            var perMessage = (GC.GetTotalMemory(forceFullCollection: true) - memoryBefore) / depth;
            var (rateFull, rateEmpty) = (0.0, 0.0);
            for (var round = 0; round < 3; round++)
            {
                // By turns, and the best of each: the machine has other things to do as well.
                rateFull = Math.Max(rateFull, await PassAsync(queue, sample));
                rateEmpty = Math.Max(rateEmpty, await PassAsync(empty, sample));
            }

            await queue.DisposeAsync();

            var start = Stopwatch.StartNew();
            queue = Open(folder);
            start.Stop();
            var summary = queue.Summarize();
            var list = Stopwatch.StartNew();
            var page = await queue.ListAsync(new QueueFilter(), 100, CancellationToken.None);
            list.Stop();
            var search = Stopwatch.StartNew();
            var found = await queue.ListAsync(new QueueFilter { Recipient = static path => path.LocalPart == "nobody" }, 100, CancellationToken.None);
            search.Stop();

            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{depth} wait: {perMessage} bytes of memory each; {rateFull:0} msg/s accepted and delivered, {rateEmpty:0} by an empty queue; "
                + $"start {start.Elapsed.TotalSeconds:0.00} s, first page {list.Elapsed.TotalSeconds:0.000} s, search through all {search.Elapsed.TotalSeconds:0.00} s"));
            (summary.Messages, summary.Deferred).ShouldBe((depth, depth));
            page.Count.ShouldBe(100);
            page.ShouldAllBe(static message => message.Recipients.Single().LastStatus == Mail.Delayed);
            found.ShouldBeEmpty();
            perMessage.ShouldBeLessThanOrEqualTo(1024);
        }
        finally
        {
            await queue.DisposeAsync();
        }
    }

    private static DiskQueue Open(TemporaryFolder folder) =>
        DiskQueue.Open(new DiskQueueOptions(folder["queue"]), TimeProvider.System, NullLogger<DiskQueue>.Instance);

    /// <summary>Messages that were tried once and wait for the next attempt.</summary>
    private static Task FillAsync(DiskQueue queue, int count) => ManyAsync(count, async () =>
    {
        await queue.AddAsync(Mail.OfLength(MessageBytes));
        await queue.DeferAsync(await queue.NextAsync(), TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1));
    });

    /// <summary>How many messages in a second are accepted, taken and recorded.</summary>
    private static async Task<double> PassAsync(DiskQueue queue, int count)
    {
        var time = Stopwatch.StartNew();
        await ManyAsync(count, async () =>
        {
            await queue.AddAsync(Mail.OfLength(MessageBytes));
            await queue.DeliverAsync(await queue.NextAsync());
        });
        return count / time.Elapsed.TotalSeconds;
    }

    private static Task ManyAsync(int count, Func<Task> doOnce)
    {
        var left = count;
        return Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await doOnce();
            }
        })));
    }
}
