using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Queueing;

/// <summary>What is written down about a message, and what earlier releases wrote. The files in <c>Format1</c> were written by the first release.</summary>
public sealed class FormatTests
{
    [Fact]
    public async Task A_queue_that_the_first_release_wrote_is_delivered()
    {
        await using var bed = new QueueBed(disk: FirstRelease());

        bed.Queue.Summarize().ShouldBe(new QueueSummary(5, 5, bed.Queue.Summarize().Oldest, bed.Queue.Summarize().Bytes) { Deferred = 1 });
        bed.Time.Advance(TimeSpan.FromMinutes(5));
        var messages = await bed.Queue.DrainAsync();

        var deferred = messages.Single(static message => message.Text().Contains("Subject: deferred"));
        deferred.Envelope.Recipients.ShouldBe([new EnvelopeRecipient(Mail.Path("carol@example.net"))]);
        deferred.Attempts.ShouldBe(1);
        deferred.IsDelayReported.ShouldBeFalse();
        var eightBits = messages.Single(static message => message.Text().Contains("Subject: eight bits"));
        eightBits.Envelope.ReversePath.IsNull.ShouldBeTrue();
        eightBits.Envelope.Recipients.Single().Path.Address.ShouldBe("jürgen@example.net");
        eightBits.Envelope.Body.ShouldBe(BodyType.EightBitMime);
        eightBits.Envelope.SmtpUtf8.ShouldBeTrue();
        messages.Single(static message => message.Text().Contains("Subject: large")).Content.Length.ShouldBe(1058);
        messages.Select(static message => message.Text().Split("\r\n")[0]).ShouldBe(
            ["Subject: deferred", "Subject: delivered 11", "Subject: fresh", "Subject: eight bits", "Subject: large"], ignoreOrder: true);

        // That release did not say what was done to a message.
        messages.ShouldAllBe(static message => message.Protection == null);
    }

    [Fact]
    public async Task A_queue_that_the_first_release_wrote_goes_on_in_the_new_format()
    {
        await using var bed = new QueueBed(disk: FirstRelease());
        bed.Time.Advance(TimeSpan.FromMinutes(5));
        for (var i = 0; i < 5; i++)
        {
            await bed.Queue.DeferAsync(await bed.Queue.NextAsync(), bed.Time.GetUtcNow() + TimeSpan.FromMinutes(1));
        }

        await bed.Queue.AddAsync(Mail.Some("new"));
        bed.Kill();
        bed.Time.Advance(TimeSpan.FromMinutes(1));

        (await bed.Queue.DrainAsync()).Count.ShouldBe(6);
    }

    [Fact]
    public async Task What_the_sender_asked_to_be_told_survives_a_restart()
    {
        await using var bed = new QueueBed();
        EnvelopeRecipient[] recipients =
        [
            new(Mail.Path("bob@example.net")) { Notify = Notify.Success | Notify.Delay, OriginalRecipient = "rfc822;Bob+40example.net" },
            new(Mail.Path("carol@example.net")) { Notify = Notify.Never },
            new(Mail.Path("jürgen@example.net")) { OriginalRecipient = "utf-8;jürgen@example.net" },
        ];
        var envelope = new Envelope(Mail.Path("alice@example.com"), recipients) { Return = ReturnedContent.Full, EnvelopeId = "QQ+2B314159", SmtpUtf8 = true };
        await bed.Queue.AddAsync(new ProtectedMessage(envelope, "x"u8.ToArray(), Protection.OpaqueSigned));

        await bed.RestartAsync();
        var message = await bed.Queue.NextAsync();

        message.Envelope.Recipients.ShouldBe(recipients);
        message.Envelope.Return.ShouldBe(ReturnedContent.Full);
        message.Envelope.EnvelopeId.ShouldBe("QQ+2B314159");
        message.Protection.ShouldBe(Protection.OpaqueSigned);
    }

    [Fact]
    public async Task That_a_delay_was_reported_is_remembered_over_restarts_and_further_attempts()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("a"));
        var message = await bed.Queue.NextAsync();
        message.IsDelayReported.ShouldBeFalse();
        await bed.Queue.RecordAsync(
            message, Mail.All(message, Mail.Delayed) with { NextAttempt = bed.Time.GetUtcNow(), IsDelayReported = true }, CancellationToken.None);
        bed.Kill();
        await bed.Queue.DeferAsync(await bed.Queue.NextAsync(), bed.Time.GetUtcNow());

        bed.Kill();

        (await bed.Queue.NextAsync()).IsDelayReported.ShouldBeTrue();
    }

    [Fact]
    public async Task What_each_recipient_heard_survives_restarts_and_moves_to_newer_segments()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.To("a", "b@example.net", "c@example.net", "d@example.net", "e@example.net"));
        var message = await bed.Queue.NextAsync();
        var busy = new DeliveryStatus(DeliveryAction.Delayed, new EnhancedStatus(4, 2, 1), "451 4.2.1 busy", "mx.example.net");
        await bed.Queue.RecordAsync(
            message,
            new AttemptRecord(
                [
                    new(message.Envelope.Recipients[0], Mail.Delivered), new(message.Envelope.Recipients[1], busy),
                    new(message.Envelope.Recipients[2], Mail.Delayed), new(message.Envelope.Recipients[3], busy),
                ],
                bed.Time.GetUtcNow() + TimeSpan.FromMinutes(30), [Mail.Some("a report in the same frame")]),
            CancellationToken.None);
        DeliveryStatus[] heard = [busy, Mail.Delayed, busy];
        (await HeardAsync(bed, message.Id)).ShouldBe(heard);
        bed.Kill();
        (await HeardAsync(bed, message.Id)).ShouldBe(heard);
        var first = bed.Disk.List().Order().First();

        for (var i = 0; i < 200; i++)
        {
            await bed.Queue.AddAsync(Mail.OfLength(10_000));
            await bed.Queue.DeliverAsync(await bed.Queue.NextAsync());
        }

        await Eventually.TrueAsync(() => !bed.Disk.Exists(first));
        (await HeardAsync(bed, message.Id)).ShouldBe(heard);
        bed.Kill();
        (await HeardAsync(bed, message.Id)).ShouldBe(heard);
    }

    [Fact]
    public async Task A_long_diagnostic_is_cut_and_control_characters_do_not_come_back()
    {
        await using var bed = new QueueBed();
        await bed.Queue.AddAsync(Mail.Some("a"));
        var message = await bed.Queue.NextAsync();
        var status = new DeliveryStatus(
            DeliveryAction.Delayed, new EnhancedStatus(4, 0, 0), "\u001b[2J" + new string('x', 295) + "\U0001F600 and more", RemoteMta: null);

        await bed.Queue.RecordAsync(message, Mail.All(message, status) with { NextAttempt = bed.Time.GetUtcNow() }, CancellationToken.None);

        (await HeardAsync(bed, message.Id)).Single()!.Diagnostic.ShouldBe("?[2J" + new string('x', 295));
    }

    private static async Task<IEnumerable<DeliveryStatus?>> HeardAsync(QueueBed bed, QueueId id)
    {
        var listing = await bed.Queue.ListAsync(new QueueFilter { Ids = [id] }, 10, CancellationToken.None);
        return listing.Single().Recipients.Select(static recipient => recipient.LastStatus);
    }

    private static MemoryFolder FirstRelease()
    {
        var disk = new MemoryFolder();
        var folder = Path.Combine(Repository.Root, "tests", "SmimeGateway.Tests", "Queueing", "Format1");
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            disk.Place(Path.GetFileName(file), File.ReadAllBytes(file));
        }

        return disk;
    }
}
