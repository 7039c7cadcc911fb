using System.Collections.Concurrent;
using SmimeGateway.Queueing;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Queueing;

public sealed class DurabilityTests
{
    [Fact]
    public async Task One_flush_serves_everybody_who_waits()
    {
        await using var bed = new QueueBed(static options => options with { SegmentBytes = 1_000_000 });
        using var isFlushing = new ManualResetEventSlim();
        using var mayFlush = new ManualResetEventSlim();
        bed.Disk.Trouble = (_, call) =>
        {
            if (call == DiskCall.Flush)
            {
                isFlushing.Set();
                mayFlush.Wait();
            }

            return null;
        };
        var first = bed.Queue.AddAsync(Mail.Some("first"));
        await Eventually.TrueAsync(() => isFlushing.IsSet);

        var others = Enumerable.Range(0, 100).Select(i => bed.Queue.AddAsync(Mail.Some("other" + i))).ToList();
        mayFlush.Set();
        await Eventually.EndsAsync(Task.WhenAll([first, .. others]));

        bed.Queue.Flushes.ShouldBe(2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(2000)]
    public async Task What_was_confirmed_survives_any_power_cut(int firstSeed)
    {
        for (var seed = firstSeed; seed < firstSeed + 40; seed++)
        {
            var chance = new Random(seed);
            await using var bed = new QueueBed(static options => options with { OwnFileBytes = 8_000 });
            var confirmed = new ConcurrentDictionary<QueueId, string>();
            var offered = new ConcurrentBag<string>();
            var delivered = new HashSet<string>();
            using var powerIsGone = new CancellationTokenSource();
            var queue = bed.Queue;
            var senders = Enumerable.Range(0, 5)
                .Select(sender => Task.Run(() => SendAsync(queue, sender, seed, offered, confirmed, powerIsGone.Token))).ToList();
            var wanted = chance.Next(5, 60);
            await Eventually.TrueAsync(() => confirmed.Count >= wanted);
            for (var i = 0; i < wanted / 3; i++)
            {
                var message = await queue.NextAsync();
                delivered.Add(message.Text());
                await queue.DeliverAsync(message);
            }

            // Only what was confirmed before the power went counts.
            var due = confirmed.ToArray();
            bed.CutPower(chance);
            await powerIsGone.CancelAsync();
            await Eventually.EndsAsync(Task.WhenAll(senders));
            var left = (await bed.Queue.DrainAsync()).ToDictionary(static message => message.Id, Mail.Text);

            foreach (var (id, text) in due.Where(message => !delivered.Contains(message.Value)))
            {
                left.ShouldContainKeyAndValue(id, text);
            }

            left.Values.ShouldAllBe(text => offered.Contains(text), $"seed {seed}");
        }
    }

    [Fact]
    public async Task A_delivery_that_nobody_waits_for_is_flushed_by_itself()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("a"));
        var before = bed.Disk.Flushes;

        await bed.Queue.DeliverAsync(await bed.Queue.NextAsync());

        await Eventually.TrueAsync(() => bed.Disk.Flushes > before);
        bed.CutPower(new Random(3));
        (await bed.Queue.DrainAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Segments_go_once_all_their_messages_have_ended()
    {
        await using var bed = new QueueBed();
        for (var i = 0; i < 100; i++)
        {
            await bed.Queue.AddAsync(Mail.OfLength(10_000));
            await bed.Queue.DeliverAsync(await bed.Queue.NextAsync());
        }

        await Eventually.TrueAsync(() => bed.Disk.List().Count <= 3);
    }

    [Fact]
    public async Task Whenever_the_power_goes_while_segments_are_removed_nothing_that_ended_comes_back()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("straggler"));
        var straggler = await bed.Queue.NextAsync();

        // Records lie a segment behind the messages that they are about, and all segments stay for as long as the straggler does.
        for (var batch = 0; batch < 4; batch++)
        {
            for (var i = 0; i < 5; i++)
            {
                await bed.Queue.AddAsync(Mail.To("ended" + new string('x', 10_000), "bob@example.net"));
            }

            for (var i = 0; i < 5 && batch > 0; i++)
            {
                await bed.Queue.DeliverAsync(await bed.Queue.NextAsync());
            }
        }

        await bed.Queue.DrainAsync();
        await bed.Queue.AddAsync(Mail.Some("kept"));
        var (before, chance, deaths) = (bed.Disk.List().Count, new Random(7), new List<MemoryFolder>());
        bed.Disk.Step = () => deaths.AddRange(Enumerable.Range(0, 8).Select(_ => bed.Disk.AfterPowerCut(chance)));
        await bed.Queue.DeliverAsync(straggler);
        await Eventually.TrueAsync(() => bed.Disk.List().Count <= before - 2);
        await bed.Queue.DisposeAsync();

        foreach (var death in deaths)
        {
            await using var heir = new QueueBed(disk: death);
            (await heir.Queue.DrainAsync()).Select(Mail.Text).Except(["straggler"]).ShouldBe(["kept"]);
        }
    }

    [Fact]
    public async Task A_message_that_waits_for_days_does_not_keep_the_disk_full()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.To("straggler", "b@example.net", "c@example.net"));
        var straggler = await bed.Queue.NextAsync();
        await bed.Queue.RecordAsync(
            straggler,
            new AttemptRecord(
                [new(straggler.Envelope.Recipients[0], Mail.Delivered), new(straggler.Envelope.Recipients[1], Mail.Delayed)],
                bed.Time.GetUtcNow() + TimeSpan.FromMinutes(30), []),
            CancellationToken.None);
        for (var i = 0; i < 200; i++)
        {
            await bed.Queue.AddAsync(Mail.OfLength(10_000));
            await bed.Queue.DeliverAsync(await bed.Queue.NextAsync());
        }

        // Two megabytes went through segments of 64 kB.
        await Eventually.TrueAsync(() => bed.Disk.List().Count <= 8);
        bed.CutPower(new Random(4));
        bed.Time.Advance(TimeSpan.FromHours(1));
        var message = (await bed.Queue.DrainAsync()).Single(static message => message.Text() == "straggler");
        message.Attempts.ShouldBe(1);
        message.Envelope.Recipients.Single().Path.Address.ShouldBe("c@example.net");
    }

    private static async Task SendAsync(
        DiskQueue queue, int sender, int seed, ConcurrentBag<string> offered, ConcurrentDictionary<QueueId, string> confirmed,
        CancellationToken end)
    {
        var chance = new Random(seed + (sender * 7919));
        for (var i = 0; !end.IsCancellationRequested; i++)
        {
            var texts = Enumerable.Range(0, chance.Next(1, 4))
                .Select(part => $"{sender}.{i}.{part} " + new string('x', chance.Next(10) == 0 ? 9_000 : chance.Next(2_000))).ToList();
            texts.ForEach(offered.Add);
            var outcome = await queue.EnqueueAsync([.. texts.Select(Mail.Some)], CancellationToken.None);
            for (var part = 0; part < outcome.Ids.Count; part++)
            {
                confirmed[outcome.Ids[part]] = texts[part];
            }
        }
    }
}
