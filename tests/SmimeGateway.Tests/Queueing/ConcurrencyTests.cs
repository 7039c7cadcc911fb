using System.Collections.Concurrent;
using SmimeGateway.Queueing;
using SmimeGateway.Queueing.Journal.Segments;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Queueing;

/// <summary>What happens beside a flush that takes its time.</summary>
public sealed class ConcurrencyTests
{
    [Fact]
    public async Task A_delivery_is_written_down_while_a_flush_runs()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("delivered"));
        var message = await bed.Queue.NextAsync();
        using var flush = new SlowFlush(bed.Disk);
        var waiting = bed.Queue.AddAsync(Mail.Some("waiting"));
        await flush.HasBegunAsync();

        await Eventually.EndsAsync(bed.Queue.DeliverAsync(message));

        waiting.IsCompleted.ShouldBeFalse();
        await using var survivor = new QueueBed(disk: bed.Disk.AfterKill());
        (await survivor.Queue.DrainAsync()).Select(Mail.Text).ShouldNotContain("delivered");
        flush.End();
        await Eventually.EndsAsync(waiting);
    }

    [Fact]
    public async Task What_is_written_while_a_flush_runs_is_not_taken_for_flushed()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("delivered"));
        var message = await bed.Queue.NextAsync();
        var segment = Segment.NameOf(1);
        using (var flush = new SlowFlush(bed.Disk))
        {
            var waiting = bed.Queue.AddAsync(Mail.Some("kept"));
            await flush.HasBegunAsync();
            var covered = UsedLength(bed.Disk, segment);
            await Eventually.EndsAsync(bed.Queue.DeliverAsync(message));
            UsedLength(bed.Disk, segment).ShouldBeGreaterThan(covered);
            flush.End();
            await Eventually.EndsAsync(waiting);

            bed.Disk.Trouble = (name, call) => name == segment && call == DiskCall.Flush ? "I/O error" : null;
            (await bed.Queue.EnqueueAsync([Mail.Some("refused")], CancellationToken.None)).IsStored.ShouldBeFalse();
            SegmentHeader.TryDecode(bed.Disk.Files[Segment.NameOf(2)].Bytes, out var next, out _, out _).ShouldBeTrue();
            next!.PreviousEnd.ShouldBe(covered);
        }

        await bed.Queue.AddAsync(Mail.Some("after"));
        bed.CutPower(new Random(1));
        (await bed.Queue.DrainAsync()).Select(Mail.Text).ShouldBe(["kept", "after"]);
    }

    [Fact]
    public async Task A_caller_that_cannot_write_spoils_no_flush_and_its_record_goes_to_the_next_segment()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("delivered"));
        var message = await bed.Queue.NextAsync();
        using var flush = new SlowFlush(bed.Disk);
        var waiting = bed.Queue.AddAsync(Mail.Some("kept"));
        await flush.HasBegunAsync();
        bed.Disk.BytesWrittenByFailingWrite = 10;
        var tried = 0;
        bed.Disk.Trouble = (name, call) =>
        {
            if (name != Segment.NameOf(1) || call != DiskCall.Write)
            {
                return null;
            }

            Interlocked.Increment(ref tried);
            return "I/O error";
        };

        var record = bed.Queue.DeliverAsync(message);
        await Eventually.TrueAsync(() => Volatile.Read(ref tried) == 1);
        record.IsCompleted.ShouldBeFalse();
        flush.End();

        await Eventually.EndsAsync(waiting);
        await Eventually.EndsAsync(record);
        await bed.Queue.AddAsync(Mail.Some("after"));
        bed.CutPower(new Random(1));
        (await bed.Queue.DrainAsync()).Select(Mail.Text).ShouldBe(["kept", "after"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    public async Task Whenever_it_is_killed_what_was_recorded_does_not_come_back(int firstSeed)
    {
        for (var seed = firstSeed; seed < firstSeed + 40; seed++)
        {
            await using var traffic = new Traffic(seed);
            await traffic.RunAsync(new Random(seed).Next(20, 200));
            var recorded = traffic.Recorded.Keys.ToList();
            var due = traffic.Accepted.ToArray();

            await traffic.KillAsync();

            var left = (await traffic.Bed.Queue.DrainAsync()).ToDictionary(static message => message.Id, Mail.Text);
            left.Keys.Intersect(recorded).ShouldBeEmpty($"seed {seed}");
            foreach (var (id, text) in due.Where(message => !traffic.Recording.ContainsKey(message.Key)))
            {
                left.ShouldContainKeyAndValue(id, text);
            }
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(140)]
    public async Task On_a_disk_that_fails_again_and_again_nothing_that_was_accepted_is_lost(int firstSeed)
    {
        for (var seed = firstSeed; seed < firstSeed + 40; seed++)
        {
            await using var traffic = new Traffic(seed);
            var chance = new Random(seed);
            traffic.Bed.Disk.BytesWrittenByFailingWrite = chance.Next(300);
            traffic.Bed.Disk.Trouble = (_, call) =>
            {
                lock (chance)
                {
                    return call != DiskCall.Read && chance.Next(30) == 0 ? "I/O error" : null;
                }
            };
            await traffic.RunAsync(new Random(seed).Next(20, 100));
            var due = traffic.Accepted.ToArray();

            await traffic.CutPowerAsync(new Random(seed));

            var left = (await traffic.Bed.Queue.DrainAsync()).ToDictionary(static message => message.Id, Mail.Text);
            foreach (var (id, text) in due.Where(message => !traffic.Recording.ContainsKey(message.Key)))
            {
                left.ShouldContainKeyAndValue(id, text);
            }
        }
    }

    private static int UsedLength(MemoryFolder disk, string name) => disk.Files[name].Bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;

    /// <summary>Holds up every flush until told otherwise.</summary>
    private sealed class SlowFlush : IDisposable
    {
        private volatile bool _hasBegun;
        private volatile bool _mayEnd;

        public SlowFlush(MemoryFolder disk) => disk.Trouble = (_, call) =>
        {
            if (call == DiskCall.Flush)
            {
                _hasBegun = true;
                SpinWait.SpinUntil(() => _mayEnd);
            }

            return null;
        };

        public Task HasBegunAsync() => Eventually.TrueAsync(() => _hasBegun);

        public void End() => _mayEnd = true;

        public void Dispose() => End();
    }

    /// <summary>Senders and receivers on one queue, until it ends.</summary>
    private sealed class Traffic : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly DiskQueue _queue;
        private readonly List<Task> _workers;

        public Traffic(int seed)
        {
            Bed = new QueueBed(static options => options with { OwnFileBytes = 8_000 });
            _queue = Bed.Queue;
            _workers = [.. Enumerable.Range(0, 3).Select(sender => Task.Run(() => SendAsync(new Random((seed * 31) + sender)))),
                .. Enumerable.Range(0, 3).Select(_ => Task.Run(ReceiveAsync))];
        }

        public QueueBed Bed { get; }

        public ConcurrentDictionary<QueueId, string> Accepted { get; } = new();

        public ConcurrentDictionary<QueueId, bool> Recording { get; } = new();

        public ConcurrentDictionary<QueueId, bool> Recorded { get; } = new();

        public Task RunAsync(int records) => Eventually.TrueAsync(() =>
        {
            Bed.Time.Advance(TimeSpan.FromSeconds(1));
            return Recorded.Count >= records;
        });

        public Task KillAsync()
        {
            Bed.Kill();
            return EndAsync();
        }

        public Task CutPowerAsync(Random chance)
        {
            Bed.CutPower(chance);
            return EndAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Bed.DisposeAsync();
            _end.Dispose();
        }

        private async Task EndAsync()
        {
            await _end.CancelAsync();
            await Eventually.EndsAsync(Task.WhenAll(_workers));
        }

        private async Task SendAsync(Random chance)
        {
            while (!_end.IsCancellationRequested)
            {
                var text = new string((char)('a' + chance.Next(26)), chance.Next(10) == 0 ? 9_000 : chance.Next(1_000));
                var outcome = await _queue.EnqueueAsync([Mail.Some(text)], CancellationToken.None);
                foreach (var id in outcome.Ids)
                {
                    Accepted[id] = text;
                }
            }
        }

        private async Task ReceiveAsync()
        {
            try
            {
                while (true)
                {
                    var message = await _queue.TakeAsync(_end.Token);
                    Recording[message.Id] = true;
                    await _queue.DeliverAsync(message);
                    Recorded[message.Id] = true;
                }
            }
            catch (OperationCanceledException)
            {
                // The end.
            }
        }
    }
}
