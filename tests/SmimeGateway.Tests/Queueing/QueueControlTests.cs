using SmimeGateway.Queueing;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Queueing;

public sealed class QueueControlTests
{
    private static readonly QueueFilter Everything = new();

    [Fact]
    public async Task Messages_are_listed_in_the_order_of_their_acceptance_with_what_they_are_doing()
    {
        await using var bed = new QueueBed();
        var began = bed.Time.GetUtcNow();
        var deferred = await bed.Queue.AddAsync(Mail.To("deferred", "b@example.net", "c@example.net"));
        var message = await bed.Queue.NextAsync();
        await bed.Queue.RecordAsync(
            message,
            new AttemptRecord(
                [new(message.Envelope.Recipients[0], Mail.Delivered), new(message.Envelope.Recipients[1], Mail.Delayed)],
                began + TimeSpan.FromMinutes(5), []),
            CancellationToken.None);
        var active = await bed.Queue.AddAsync(Mail.Some("active"));
        await bed.Queue.NextAsync();
        var held = await bed.Queue.AddAsync(Mail.Some("held"));
        await bed.Queue.HoldAsync(new QueueFilter { Ids = [held] }, CancellationToken.None);
        var fresh = await bed.Queue.AddAsync(Mail.Some("fresh"));

        var listing = await bed.Queue.ListAsync(Everything, 10, CancellationToken.None);

        listing.Select(static message => message.Id).ShouldBe([deferred, active, held, fresh]);
        listing.Select(static message => message.State)
            .ShouldBe([QueueState.Deferred, QueueState.Active, QueueState.Held, QueueState.Fresh]);
        listing.Select(static message => message.NextAttempt).ShouldBe([began + TimeSpan.FromMinutes(5), null, null, began]);
        listing[0].Envelope.Recipients.Select(static recipient => recipient.Path.Address).ShouldBe(["c@example.net"]);
        listing[0].Recipients.Single().LastStatus.ShouldBe(Mail.Delayed);
        listing[0].Attempts.ShouldBe(1);
        listing[0].Octets.ShouldBe("deferred".Length);
        listing[3].Recipients.Single().LastStatus.ShouldBeNull();
        (await bed.Queue.ListAsync(Everything, 2, CancellationToken.None)).Select(static message => message.Id).ShouldBe([deferred, active]);
        bed.Queue.Summarize().ShouldBe(new QueueSummary(4, 4, began, 23) { Deferred = 1, Active = 1, Held = 1 });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public async Task The_header_of_a_message_can_be_read_wherever_it_is_and_its_body_cannot(int cacheBytes)
    {
        await using var bed = new QueueBed(options => options with { CacheBytes = cacheBytes, OwnFileBytes = 5000 });
        var small = await bed.Queue.AddAsync(Mail.Some("Subject: small\r\nX: y\r\n\r\nthe body\r\n\r\nand more"));
        var large = await bed.Queue.AddAsync(Mail.Some("Subject: large\r\n\r\n" + new string('x', 10_000)));
        var bare = await bed.Queue.AddAsync(Mail.Some("Subject: bare\r\n"));

        (await HeaderAsync(small)).ShouldBe("Subject: small\r\nX: y\r\n");
        (await HeaderAsync(large)).ShouldBe("Subject: large\r\n");
        (await HeaderAsync(bare)).ShouldBe("Subject: bare\r\n");
        await bed.Queue.RemoveAsync(new QueueFilter { Ids = [small] }, CancellationToken.None);
        (await HeaderAsync(small)).ShouldBeEmpty();

        async Task<string> HeaderAsync(QueueId id) => System.Text.Encoding.ASCII.GetString((await bed.Queue.ReadHeaderAsync(id, CancellationToken.None)).Span);
    }

    [Fact]
    public async Task Every_condition_of_a_filter_must_hold()
    {
        await using var bed = new QueueBed(static options => options with { CacheBytes = 0 });
        var first = await bed.Queue.AddAsync(Mail.To("1", "bob@example.net", "carol@example.org"));
        bed.Time.Advance(TimeSpan.FromHours(1));
        var second = await bed.Queue.AddAsync(Mail.To("2", "bob@example.net"));
        var third = await bed.Queue.AddAsync(Mail.To("3", "dora@example.com"));

        (await FindAsync(new QueueFilter { Recipient = static path => path.Domain == "example.net" })).ShouldBe([first, second]);
        (await FindAsync(new QueueFilter { Recipient = static path => path.Domain == "example.net", AcceptedBefore = bed.Time.GetUtcNow() })).ShouldBe([first]);
        (await FindAsync(new QueueFilter { Sender = static path => path.LocalPart == "alice", Ids = [third, first] })).ShouldBe([first, third]);
        (await FindAsync(new QueueFilter { Sender = static path => path.LocalPart == "bob" })).ShouldBeEmpty();
        (await FindAsync(new QueueFilter { State = QueueState.Deferred })).ShouldBeEmpty();
        (await FindAsync(new QueueFilter { Ids = [new QueueId("nonsense"), new QueueId(second.Value.ToLowerInvariant())] })).ShouldBe([second]);

        async Task<IEnumerable<QueueId>> FindAsync(QueueFilter filter) =>
            (await bed.Queue.ListAsync(filter, 10, CancellationToken.None)).Select(static message => message.Id);
    }

    [Fact]
    public async Task Retrying_makes_deferred_messages_due_at_once_and_never_held_ones()
    {
        await using var bed = new QueueBed();
        QueueId[] ids = [await bed.Queue.AddAsync(Mail.Some("a")), await bed.Queue.AddAsync(Mail.Some("b"))];
        var until = bed.Time.GetUtcNow() + TimeSpan.FromMinutes(30);
        await bed.Queue.DeferAsync(await bed.Queue.NextAsync(), until);
        await bed.Queue.DeferAsync(await bed.Queue.NextAsync(), until);
        await bed.Queue.HoldAsync(new QueueFilter { Ids = [ids[1]] }, CancellationToken.None);

        (await bed.Queue.RetryAsync(Everything, CancellationToken.None)).ShouldBe([ids[0]]);

        (await bed.Queue.DrainAsync()).Select(Mail.Text).ShouldBe(["a"]);
        bed.Time.Advance(TimeSpan.FromHours(1));
        (await bed.Queue.DrainAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_waiting_worker_gets_what_is_retried()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("a"));
        await bed.Queue.DeferAsync(await bed.Queue.NextAsync(), bed.Time.GetUtcNow() + TimeSpan.FromMinutes(30));
        var take = bed.Queue.TakeAsync(CancellationToken.None).AsTask();

        await bed.Queue.RetryAsync(Everything, CancellationToken.None);

        (await Eventually.EndsAsync(take)).Text().ShouldBe("a");
    }

    [Fact]
    public async Task A_held_message_is_not_tried_until_it_is_released_also_after_a_power_cut()
    {
        await using var bed = new QueueBed();
        var id = await bed.Queue.AddAsync(Mail.Some("a"));

        (await bed.Queue.HoldAsync(Everything, CancellationToken.None)).ShouldBe([id]);
        (await bed.Queue.HoldAsync(Everything, CancellationToken.None)).ShouldBeEmpty();
        bed.CutPower(new Random(1));

        (await bed.Queue.DrainAsync()).ShouldBeEmpty();
        bed.Queue.Summarize().Held.ShouldBe(1);
        (await bed.Queue.ReleaseAsync(Everything, CancellationToken.None)).ShouldBe([id]);
        bed.CutPower(new Random(2));
        (await bed.Queue.DrainAsync()).Select(Mail.Text).ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_message_that_is_held_for_long_moves_to_newer_segments_and_stays_held()
    {
        await using var bed = new QueueBed();
        var id = await bed.Queue.AddAsync(Mail.Some("a"));
        await bed.Queue.HoldAsync(new QueueFilter { Ids = [id] }, CancellationToken.None);
        var first = bed.Disk.List().Order().First();

        for (var i = 0; i < 200; i++)
        {
            await bed.Queue.AddAsync(Mail.OfLength(10_000));
            await bed.Queue.DeliverAsync(await bed.Queue.NextAsync());
        }

        await Eventually.TrueAsync(() => !bed.Disk.Exists(first));
        bed.Kill();
        bed.Queue.Summarize().Held.ShouldBe(1);
        (await bed.Queue.DrainAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_that_a_worker_has_is_held_from_the_end_of_the_attempt_on()
    {
        await using var bed = new QueueBed();
        var id = await bed.Queue.AddAsync(Mail.Some("a"));
        var message = await bed.Queue.NextAsync();

        (await bed.Queue.HoldAsync(Everything, CancellationToken.None)).ShouldBe([id]);
        bed.Queue.Summarize().Active.ShouldBe(1);
        await bed.Queue.DeferAsync(message, bed.Time.GetUtcNow());

        bed.Queue.Summarize().Held.ShouldBe(1);
        (await bed.Queue.DrainAsync()).ShouldBeEmpty();
        await bed.Queue.ReleaseAsync(Everything, CancellationToken.None);
        (await bed.Queue.DrainAsync()).Single().Attempts.ShouldBe(1);
    }

    [Theory]
    [InlineData(QueueState.Fresh)]
    [InlineData(QueueState.Deferred)]
    [InlineData(QueueState.Held)]
    public async Task A_removed_message_is_gone_for_good(QueueState state)
    {
        await using var bed = new QueueBed();
        var id = await bed.Queue.AddAsync(Mail.OfLength(50_000));
        if (state == QueueState.Deferred)
        {
            await bed.Queue.DeferAsync(await bed.Queue.NextAsync(), bed.Time.GetUtcNow() + TimeSpan.FromMinutes(1));
        }
        else if (state == QueueState.Held)
        {
            await bed.Queue.HoldAsync(Everything, CancellationToken.None);
        }

        (await bed.Queue.RemoveAsync(new QueueFilter { State = state }, CancellationToken.None)).ShouldBe([id]);

        bed.Queue.Summarize().ShouldBe(new QueueSummary(0, 0, null, 0));
        await Eventually.TrueAsync(() => !bed.Disk.Exists(id + ".message"));
        (await bed.Queue.ListAsync(Everything, 10, CancellationToken.None)).ShouldBeEmpty();
        bed.CutPower(new Random(1));
        bed.Time.Advance(TimeSpan.FromHours(1));
        (await bed.Queue.DrainAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_that_a_worker_has_is_removed_and_its_attempt_still_ends_with_its_report()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.To("a", "b@example.net", "c@example.net"));
        var message = await bed.Queue.NextAsync();

        await bed.Queue.RemoveAsync(Everything, CancellationToken.None);
        bed.Queue.Summarize().ShouldBe(new QueueSummary(0, 0, null, 0) { Active = 1 });
        await bed.Queue.RecordAsync(
            message,
            new AttemptRecord(
                [new(message.Envelope.Recipients[0], Mail.Failed), new(message.Envelope.Recipients[1], Mail.Delayed)],
                bed.Time.GetUtcNow(), [Mail.Some("report")]),
            CancellationToken.None);

        bed.Queue.Summarize().Active.ShouldBe(0);
        bed.CutPower(new Random(1));
        (await bed.Queue.DrainAsync()).Select(Mail.Text).ShouldBe(["report"]);
    }

    [Fact]
    public async Task A_full_disk_does_not_prevent_a_removal()
    {
        await using var bed = new QueueBed();
        bed.Disk.Capacity = 1_000_000;
        while ((await bed.Queue.EnqueueAsync([Mail.OfLength(10_000)], CancellationToken.None)).IsStored)
        {
        }

        await Eventually.EndsAsync(bed.Queue.RemoveAsync(Everything, CancellationToken.None).AsTask());

        await Eventually.TrueAsync(() =>
        {
            bed.Time.Advance(TimeSpan.FromSeconds(1));
            return bed.Queue.HasRoomFor(1);
        });
        bed.Queue.Summarize().Messages.ShouldBe(0);
    }

    [Fact]
    public async Task What_is_held_hurried_and_released_over_and_over_leaves_no_trace_in_the_order()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("a"));
        await bed.Queue.DeferAsync(await bed.Queue.NextAsync(), bed.Time.GetUtcNow() + TimeSpan.FromMinutes(30));
        for (var i = 0; i < 3_000; i++)
        {
            bed.Time.Advance(TimeSpan.FromTicks(1));
            (await bed.Queue.RetryAsync(Everything, CancellationToken.None)).Count.ShouldBe(1);
        }

        (await bed.Queue.DrainAsync()).Count.ShouldBe(1);
        (await bed.Queue.DrainAsync()).ShouldBeEmpty();
        bed.Queue.Summarize().ShouldBe(new QueueSummary(0, 0, null, 0));
    }
}
