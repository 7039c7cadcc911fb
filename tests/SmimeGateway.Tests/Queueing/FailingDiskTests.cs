using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Queueing.Journal.Disk;
using SmimeGateway.Queueing.Journal.Segments;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Queueing;

public sealed class FailingDiskTests
{
    [Fact]
    public async Task After_a_failed_flush_its_messages_are_refused_for_good_and_a_new_segment_takes_over()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("before"));
        FailOnce(bed, DiskCall.Flush);

        var refused = await bed.Queue.EnqueueAsync([Mail.Some("refused")], CancellationToken.None);
        await bed.Queue.AddAsync(Mail.Some("after"));

        refused.IsStored.ShouldBeFalse();
        refused.Refusal!.ShouldContain("the disk failed");
        bed.Kill();
        (await bed.Queue.DrainAsync()).Select(Mail.Text).ShouldBe(["before", "after"]);
    }

    [Fact]
    public async Task A_delivery_recorded_on_the_segment_that_fails_is_recorded_again_on_the_next()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("delivered"));
        await bed.Queue.AddAsync(Mail.Some("kept"));
        await bed.Queue.DeliverAsync(await bed.Queue.NextAsync());
        FailOnce(bed, DiskCall.Flush);
        await bed.Queue.EnqueueAsync([Mail.Some("refused or not")], CancellationToken.None);
        await bed.Queue.AddAsync(Mail.Some("after"));
        await bed.Queue.DisposeAsync();

        bed.CutPower(new Random(1));

        var texts = (await bed.Queue.DrainAsync()).Select(Mail.Text).ToList();
        texts.ShouldNotContain("delivered");
        texts.ShouldContain("kept");
        texts.ShouldContain("after");
    }

    [Theory]
    [InlineData("flush", false)]
    [InlineData("flush", true)]
    [InlineData("write", true)]
    public async Task What_is_written_again_after_a_failure_keeps_its_order(string failing, bool withReport)
    {
        await using var bed = new QueueBed();
        var id = await bed.Queue.AddAsync(Mail.To("m", "a@example.net", "b@example.net", "c@example.net"));
        var first = await bed.Queue.NextAsync();
        if (failing == "flush")
        {
            FailOnce(bed, DiskCall.Flush);
        }

        await bed.Queue.RecordAsync(first, Result(first, Mail.Delivered), CancellationToken.None);
        var second = await bed.Queue.NextAsync();
        if (failing == "write")
        {
            FailOnce(bed, DiskCall.Write);
        }

        IReadOnlyList<ProtectedMessage> report = withReport ? [Mail.Some("report")] : [];
        await Eventually.EndsAsync(
            bed.Queue.RecordAsync(second, Result(second, Mail.Failed) with { Successors = report }, CancellationToken.None).AsTask());
        await bed.Queue.EnqueueAsync([Mail.Some("refused or not")], CancellationToken.None);
        await bed.Queue.AddAsync(Mail.Some("after"));

        bed.CutPower(new Random(1));

        // The last record is all that a start knows: were it the first one, b would be tried again.
        var left = (await bed.Queue.ListAsync(new QueueFilter { Ids = [id] }, 10, CancellationToken.None)).ShouldHaveSingleItem();
        left.Recipients.Select(pending => pending.Recipient.Path.Address).ShouldBe(["c@example.net"]);

        AttemptRecord Result(QueuedMessage message, DeliveryStatus status) => Mail.All(message, Mail.Delayed) with
        {
            Recipients = [.. message.Envelope.Recipients.Select((recipient, place) => new RecipientProgress(recipient, place == 0 ? status : Mail.Delayed))],
        };
    }

    [Fact]
    public async Task A_write_that_ends_in_the_middle_leaves_nothing_torn()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("before"));
        bed.Disk.BytesWrittenByFailingWrite = 100;
        FailOnce(bed, DiskCall.Write);

        (await bed.Queue.EnqueueAsync([Mail.Some("refused")], CancellationToken.None)).IsStored.ShouldBeFalse();
        await bed.Queue.AddAsync(Mail.Some("after"));

        bed.Kill();
        (await bed.Queue.DrainAsync()).Select(Mail.Text).ShouldBe(["before", "after"]);
    }

    [Fact]
    public async Task A_report_waits_for_a_disk_that_can_be_trusted_and_is_then_there_exactly_once()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("original"));
        var message = await bed.Queue.NextAsync();
        FailOnce(bed, DiskCall.Flush);

        var record = bed.Queue.RecordAsync(
            message, Mail.All(message, Mail.Failed) with { Successors = [Mail.Some("report")] }, CancellationToken.None);

        await Eventually.EndsAsync(record.AsTask());
        bed.CutPower(new Random(1));
        (await bed.Queue.DrainAsync()).Select(Mail.Text).ShouldBe(["report"]);
    }

    [Fact]
    public async Task While_no_segment_can_be_trusted_everything_is_refused_and_then_accepted_again()
    {
        await using var bed = new QueueBed();
        bed.Disk.Trouble = static (_, call) => call == DiskCall.Flush ? "I/O error" : null;
        (await bed.Queue.EnqueueAsync([Mail.Some("a")], CancellationToken.None)).IsStored.ShouldBeFalse();
        await Eventually.TrueAsync(() => !bed.Queue.HasRoomFor(1));
        (await bed.Queue.EnqueueAsync([Mail.Some("b")], CancellationToken.None)).IsStored.ShouldBeFalse();

        bed.Disk.Trouble = static (_, _) => null;
        bed.Time.Advance(TimeSpan.FromSeconds(2));

        await Eventually.TrueAsync(() => bed.Queue.HasRoomFor(1));
        await bed.Queue.AddAsync(Mail.Some("c"));
    }

    [Fact]
    public async Task A_new_segment_that_reads_back_differently_is_not_trusted()
    {
        await using var bed = new QueueBed();
        var flushes = 0;
        var reads = 0;
        bed.Disk.Trouble = (_, call) => call switch
        {
            DiskCall.Flush when flushes++ == 0 => "I/O error",
            DiskCall.Read when reads++ < 2 => "I/O error",
            _ => null,
        };

        (await bed.Queue.EnqueueAsync([Mail.Some("a")], CancellationToken.None)).IsStored.ShouldBeFalse();
        await Eventually.TrueAsync(() =>
        {
            bed.Time.Advance(TimeSpan.FromSeconds(1));
            return bed.Queue.HasRoomFor(1);
        });

        await bed.Queue.AddAsync(Mail.Some("b"));
        bed.Kill();
        (await bed.Queue.DrainAsync()).Select(Mail.Text).ShouldBe(["b"]);
    }

    [Fact]
    public async Task A_full_disk_refuses_and_drains_and_accepts_again()
    {
        await using var bed = new QueueBed();
        bed.Disk.Capacity = 1_000_000;
        var accepted = 0;
        while ((await bed.Queue.EnqueueAsync([Mail.OfLength(10_000)], CancellationToken.None)).IsStored)
        {
            accepted++;
        }

        accepted.ShouldBeGreaterThan(70);
        bed.Queue.HasRoomFor(1).ShouldBeFalse();
        bed.Kill();

        (await bed.Queue.DrainAsync()).Count.ShouldBe(accepted);
        await Eventually.TrueAsync(() =>
        {
            bed.Time.Advance(TimeSpan.FromSeconds(1));
            return bed.Queue.HasRoomFor(1);
        });
        await bed.Queue.AddAsync(Mail.Some("again"));
    }

    [Fact]
    public async Task A_disk_that_others_filled_to_the_last_byte_does_not_stop_delivery()
    {
        await using var bed = new QueueBed();
        for (var i = 0; i < 300; i++)
        {
            await bed.Queue.AddAsync(Mail.Some("message " + i));
        }

        bed.Disk.Capacity = bed.Disk.Files.Values.Sum(static file => file.Length);
        bed.Kill();
        bed.Disk.Capacity = bed.Disk.Files.Values.Sum(static file => file.Length);

        (await bed.Queue.DrainAsync()).Count.ShouldBe(300);
        bed.Queue.Summarize().Messages.ShouldBe(0);
    }

    [Fact]
    public async Task Room_is_denied_before_the_disk_is_full()
    {
        await using var bed = new QueueBed();
        bed.Disk.Capacity = bed.Disk.Files.Values.Sum(static file => file.Length) + 200_000;

        // The size limit of this queue is 100,000 bytes.
        bed.Queue.HasRoomFor(50_000).ShouldBeTrue();
        bed.Queue.HasRoomFor(50_001).ShouldBeFalse();
    }

    [Fact]
    public async Task A_large_message_that_finds_no_space_is_refused_and_leaves_nothing_behind()
    {
        await using var bed = new QueueBed();
        bed.Disk.Capacity = bed.Disk.Files.Values.Sum(static file => file.Length) + 100_000;

        var outcome = await bed.Queue.EnqueueAsync([Mail.Some("small"), Mail.OfLength(200_000)], CancellationToken.None);

        outcome.IsStored.ShouldBeFalse();
        bed.Disk.List().ShouldAllBe(static name => name.EndsWith(".journal"));
        (await bed.Queue.DrainAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_that_the_disk_does_not_give_is_tried_later_and_not_lost()
    {
        await using var bed = new QueueBed(static options => options with { CacheBytes = 0 });
        await bed.Queue.AddAsync(Mail.Some("a"));
        bed.Disk.Trouble = static (_, call) => call == DiskCall.Read ? "I/O error" : null;
        var take = bed.Queue.TakeAsync(CancellationToken.None).AsTask();
        await Eventually.TrueAsync(() => bed.Log.Text.Contains("cannot be read"));

        bed.Disk.Trouble = static (_, _) => null;
        bed.Time.Advance(TimeSpan.FromMinutes(6));

        (await Eventually.EndsAsync(take)).Text().ShouldBe("a");
    }

    [Fact]
    public async Task A_segment_that_the_disk_does_not_give_stops_the_start_and_stays_where_it_is()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("a"));
        await bed.Queue.DisposeAsync();
        var disk = bed.Disk.AfterKill();
        var before = disk.Files.ToDictionary(static file => file.Key, static file => Convert.ToHexString(file.Value.Bytes));
        disk.Trouble = static (name, call) => call == DiskCall.Read && name == Segment.NameOf(1) ? "Permission denied" : null;

        var refusal = Should.Throw<QueueUnavailableException>(() => new QueueBed(disk: disk));

        refusal.Message.ShouldContain($"'{Segment.NameOf(1)}' of the queue cannot be read: Permission denied. It stays as it is");
        disk.Files.ToDictionary(static file => file.Key, static file => Convert.ToHexString(file.Value.Bytes)).ShouldBe(before);
        disk.Trouble = static (_, _) => null;
        await using var again = new QueueBed(disk: disk);
        (await again.Queue.DrainAsync()).Select(Mail.Text).ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_sector_that_the_disk_does_not_give_costs_its_records_alone_and_the_file_is_kept_for_a_person()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("behind the sector"));
        await bed.Queue.DisposeAsync();
        var disk = bed.Disk.AfterKill();
        var reads = 0;

        // The header is given; of the rest, neither the large piece nor its first sector is.
        disk.Trouble = (name, call) => call == DiskCall.Read && name == Segment.NameOf(1) && reads++ is 1 or 2 ? "I/O error" : null;
        await using var again = new QueueBed(disk: disk);

        await again.Queue.AddAsync(Mail.Some("another"));
        (await again.Queue.DrainAsync()).Select(Mail.Text).ShouldBe(["another"]);

        // What is used up goes, and this one not.
        for (var i = 0; i < 20; i++)
        {
            await again.Queue.AddAsync(Mail.OfLength(10_000));
            await again.Queue.DrainAsync();
        }

        await Eventually.TrueAsync(() => !disk.Exists(Segment.NameOf(1)));
        disk.Exists(DamagedFolder.Prefix + Segment.NameOf(1)).ShouldBeTrue();
    }

    private static void FailOnce(QueueBed bed, DiskCall what)
    {
        var hasFailed = false;
        bed.Disk.Trouble = (_, call) =>
        {
            if (call != what || hasFailed)
            {
                return null;
            }

            hasFailed = true;
            return "I/O error";
        };
    }
}
