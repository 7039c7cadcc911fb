using SmimeGateway.Queueing;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Queueing;

public sealed class DiskQueueTests
{
    [Fact]
    public async Task A_message_comes_out_as_it_went_in()
    {
        await using var bed = new QueueBed();

        var id = await bed.Queue.AddAsync(Mail.To("Subject: x\r\n\r\nbody\r\n", "bob@example.net", "\"carol smith\"@example.org"));
        var message = await bed.Queue.NextAsync();

        message.Id.ShouldBe(id);
        message.Text().ShouldBe("Subject: x\r\n\r\nbody\r\n");
        message.Envelope.ReversePath.Address.ShouldBe("alice@example.com");
        message.Envelope.Recipients.Select(static recipient => recipient.Path.Address)
            .ShouldBe(["bob@example.net", "\"carol smith\"@example.org"]);
        message.Accepted.ShouldBe(bed.Time.GetUtcNow());
        message.Attempts.ShouldBe(0);
    }

    [Fact]
    public async Task Everything_about_an_envelope_survives_a_restart()
    {
        await using var bed = new QueueBed();
        var recipients = Enumerable.Range(0, 200).Select(static i => new EnvelopeRecipient(Mail.Path($"user{i}@example.net"))).ToList();
        var envelope = new Envelope(MailPath.Null, recipients) { Body = BodyType.EightBitMime, SmtpUtf8 = true };
        var id = await bed.Queue.AddAsync(SmimeGateway.Protecting.OwnReport.Protect(envelope, "x"u8.ToArray()));

        await bed.RestartAsync();
        var message = await bed.Queue.NextAsync();

        message.Id.ShouldBe(id);
        message.Envelope.ReversePath.IsNull.ShouldBeTrue();
        message.Envelope.Recipients.ShouldBe(recipients);
        message.Envelope.Body.ShouldBe(BodyType.EightBitMime);
        message.Envelope.SmtpUtf8.ShouldBeTrue();
    }

    [Fact]
    public async Task A_delivered_message_is_gone_also_after_a_restart()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("a"));

        await bed.Queue.DeliverAsync(await bed.Queue.NextAsync());

        bed.Queue.Summarize().Messages.ShouldBe(0);
        await bed.RestartAsync();
        (await bed.Queue.DrainAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_that_was_taken_and_not_recorded_is_offered_again_after_a_kill_with_no_attempt_counted()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("a"));
        for (var crash = 0; crash < 20; crash++)
        {
            await bed.Queue.NextAsync();
            bed.Kill();
        }

        var message = await bed.Queue.NextAsync();

        message.Attempts.ShouldBe(0);
        message.Text().ShouldBe("a");
    }

    [Fact]
    public async Task Recipients_that_ended_are_never_tried_again()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.To("a", "b@example.net", "c@example.net", "d@example.net"));
        var first = await bed.Queue.NextAsync();
        await bed.Queue.RecordAsync(
            first,
            new AttemptRecord(
                [
                    new(first.Envelope.Recipients[2], Mail.Failed),
                    new(first.Envelope.Recipients[1], Mail.Delayed),
                    new(first.Envelope.Recipients[0], Mail.Delivered),
                ],
                bed.Time.GetUtcNow() + TimeSpan.FromMinutes(1), []),
            CancellationToken.None);
        bed.Kill();

        bed.Time.Advance(TimeSpan.FromMinutes(1));
        var second = await bed.Queue.NextAsync();

        second.Envelope.Recipients.Select(static recipient => recipient.Path.Address).ShouldBe(["c@example.net"]);
        second.Attempts.ShouldBe(1);
        bed.Queue.Summarize().Recipients.ShouldBe(1);
    }

    [Fact]
    public async Task A_deferred_message_is_due_at_its_time_and_not_before()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("a"));
        await bed.Queue.DeferAsync(await bed.Queue.NextAsync(), bed.Time.GetUtcNow() + TimeSpan.FromMinutes(5));
        var take = bed.Queue.TakeAsync(CancellationToken.None).AsTask();

        bed.Time.Advance(TimeSpan.FromSeconds(299));
        take.IsCompleted.ShouldBeFalse();
        bed.Time.Advance(TimeSpan.FromSeconds(2));

        (await Eventually.EndsAsync(take)).Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task After_a_restart_nothing_waits_longer_than_the_pause_that_was_chosen_whatever_the_clock_says()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("a"));
        bed.Time.Advance(TimeSpan.FromDays(1));
        await bed.Queue.DeferAsync(await bed.Queue.NextAsync(), bed.Time.GetUtcNow() + TimeSpan.FromMinutes(30));
        await using var later = new QueueBed(disk: bed.Disk.AfterKill());

        // The clock of the second bed is a day behind.
        later.Time.Advance(TimeSpan.FromMinutes(30) + TimeSpan.FromSeconds(1));

        (await later.Queue.DrainAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task New_and_deferred_messages_take_turns()
    {
        await using var bed = new QueueBed();
        for (var i = 0; i < 3; i++)
        {
            await bed.Queue.AddAsync(Mail.Some("old" + i));
            await bed.Queue.DeferAsync(await bed.Queue.NextAsync(), bed.Time.GetUtcNow() + TimeSpan.FromMinutes(1 + i));
        }

        bed.Time.Advance(TimeSpan.FromMinutes(5));
        for (var i = 0; i < 3; i++)
        {
            await bed.Queue.AddAsync(Mail.Some("new" + i));
        }

        var order = (await bed.Queue.DrainAsync()).Select(Mail.Text).ToList();

        order.Where(static text => text[0] == 'o').ShouldBe(["old0", "old1", "old2"]);
        order.Where(static text => text[0] == 'n').ShouldBe(["new0", "new1", "new2"]);
        order.Zip(order.Skip(1)).ShouldAllBe(static pair => pair.First[0] != pair.Second[0]);
    }

    [Fact]
    public async Task Messages_of_one_transaction_are_stored_together()
    {
        await using var bed = new QueueBed();

        var outcome = await bed.Queue.EnqueueAsync([Mail.Some("a"), Mail.Some(""), Mail.OfLength(40_000)], CancellationToken.None);

        outcome.Ids.Count.ShouldBe(3);
        bed.Kill();
        (await bed.Queue.DrainAsync()).Select(static message => message.Id).ShouldBe(outcome.Ids);
    }

    [Fact]
    public async Task A_report_exists_exactly_when_the_original_is_gone()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("original"));
        var message = await bed.Queue.NextAsync();

        await bed.Queue.RecordAsync(message, Mail.All(message, Mail.Failed) with { Successors = [Mail.Some("report")] }, CancellationToken.None);

        bed.CutPower(new Random(1));
        (await bed.Queue.DrainAsync()).Select(Mail.Text).ShouldBe(["report"]);
    }

    [Fact]
    public async Task Content_beyond_the_budget_is_read_back_from_the_disk()
    {
        await using var bed = new QueueBed(static options => options with { CacheBytes = 1000 });
        SmimeGateway.Protecting.ProtectedMessage[] sent = [Mail.OfLength(900), Mail.OfLength(901), Mail.OfLength(15_000), Mail.OfLength(50_000)];
        foreach (var message in sent)
        {
            await bed.Queue.AddAsync(message);
        }

        var received = await bed.Queue.DrainAsync();

        received.Select(static message => Convert.ToHexString(message.Content.Read().Span))
            .ShouldBe(sent.Select(static message => Convert.ToHexString(message.Content.Span)));
    }

    [Fact]
    public async Task A_large_message_has_a_file_of_its_own_until_it_is_delivered()
    {
        await using var bed = new QueueBed();
        var large = Mail.OfLength(200_000);
        var id = await bed.Queue.AddAsync(large);
        bed.Disk.Files.Keys.ShouldContain(id + ".message");

        bed.CutPower(new Random(2));
        var message = await bed.Queue.NextAsync();
        message.Content.Read().Span.SequenceEqual(large.Content.Span).ShouldBeTrue();
        await bed.Queue.DeliverAsync(message);

        await Eventually.TrueAsync(() => !bed.Disk.Exists(id + ".message"));
    }

    [Fact]
    public async Task Ids_are_never_given_twice()
    {
        await using var bed = new QueueBed();
        var ids = new HashSet<QueueId>();
        for (var start = 0; start < 5; start++)
        {
            for (var i = 0; i < 10; i++)
            {
                ids.Add(await bed.Queue.AddAsync(Mail.Some("a"))).ShouldBeTrue();
            }

            await bed.Queue.DrainAsync();
            bed.Kill();
        }

        ids.ShouldAllBe(static id => id.Value.Length == 12 && id.Value.All(char.IsAsciiLetterOrDigit));
    }

    [Fact]
    public async Task A_message_is_recorded_once_and_only_by_its_holder()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("a"));
        var message = await bed.Queue.NextAsync();
        await bed.Queue.DeliverAsync(message);

        await Should.ThrowAsync<InvalidOperationException>(async () => await bed.Queue.DeliverAsync(message));
        await Should.ThrowAsync<InvalidOperationException>(async () => await bed.Queue.DeliverAsync(message with { Ticket = null }));
    }

    [Fact]
    public async Task A_cancelled_take_gives_nothing_away()
    {
        await using var bed = new QueueBed();
        using var cancel = new CancellationTokenSource();
        var take = bed.Queue.TakeAsync(cancel.Token).AsTask();

        await cancel.CancelAsync();
        await bed.Queue.AddAsync(Mail.Some("a"));

        await Should.ThrowAsync<OperationCanceledException>(take);
        (await bed.Queue.NextAsync()).Text().ShouldBe("a");
    }

    [Fact]
    public async Task The_summary_counts_what_waits()
    {
        await using var bed = new QueueBed();
        var began = bed.Time.GetUtcNow();
        await bed.Queue.AddAsync(Mail.To("abc", "b@example.net", "c@example.net"));
        bed.Time.Advance(TimeSpan.FromMinutes(1));
        await bed.Queue.AddAsync(Mail.Some("defg"));

        bed.Queue.Summarize().ShouldBe(new QueueSummary(2, 3, began, 7));
        await bed.RestartAsync();

        bed.Queue.Summarize().ShouldBe(new QueueSummary(2, 3, began, 7));
    }

    [Fact]
    public async Task A_closed_queue_refuses()
    {
        await using var bed = new QueueBed();
        var queue = bed.Queue;
        var take = queue.TakeAsync(CancellationToken.None).AsTask();

        await queue.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(take);
        (await queue.EnqueueAsync([Mail.Some("a")], CancellationToken.None)).IsStored.ShouldBeFalse();
        queue.HasRoomFor(1).ShouldBeFalse();
    }
}
