using System.Text;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Held;

/// <summary>What the delivery loop makes of a message that waits for a certificate.</summary>
public sealed class HeldReleaseTests : IAsyncDisposable
{
    private readonly RememberingQueue _queue = new() { TriesAgain = false };
    private readonly HeldBed _bed;

    public HeldReleaseTests()
    {
        _bed = new HeldBed(_queue);
    }

    public static TheoryData<Protection> WithoutEncryption =>
        [.. Enum.GetValues<Protection>().Except([Protection.Encrypted, Protection.SignedAndEncrypted, Protection.TripleWrapped])];

    public async ValueTask DisposeAsync()
    {
        await _bed.DisposeAsync();
        await _queue.DisposeAsync();
    }

    [Theory]
    [InlineData(Protection.Encrypted)]
    [InlineData(Protection.SignedAndEncrypted)]
    [InlineData(Protection.TripleWrapped)]
    public async Task It_ends_in_the_encrypted_messages_it_became_and_is_never_relayed_itself(Protection protection)
    {
        _bed.Rules = message => new Prepared(
            [.. message.Envelope.Recipients.Select(recipient => HeldBed.Ready(message, protection, recipient))], []);

        var attempt = await AttemptAsync(_bed.Held.Queued("bob@example.net", "carol@example.net"));

        attempt.Recipients.ShouldAllBe(recipient => recipient.Status.Action == DeliveryAction.Delivered);
        attempt.Successors.Select(message => message.Protection).ShouldBe([protection, protection], "both, and no report although NOTIFY=SUCCESS");
        attempt.IsRefusable.ShouldBeTrue();
        var opened = _bed.Opened.ShouldHaveSingleItem();
        opened.Content.ToArray().ShouldBe(SomeHeld.Message("bob@example.net").Content.ToArray());
        opened.Session.ShouldBe(SomeHeld.Message("bob@example.net").Session);
        opened.Envelope.EnvelopeId.ShouldBe("QQ314159");
        _bed.Relayed.ShouldBeEmpty();
        _bed.Counters.Delivered.ShouldBe(0, "a release delivers nothing yet");
        await Eventually.TrueAsync(() => _bed.Counters.MessagesEncrypted == 2);
    }

    [Fact]
    public async Task Who_has_no_certificate_goes_on_waiting_while_the_others_get_theirs()
    {
        _bed.Known["bob@example.net"] = true;

        var attempt = await AttemptAsync(_bed.Held.Queued("bob@example.net", "carol@example.net"));

        attempt.Successors.Single().Envelope.Recipients.Single().Path.Address.ShouldBe("bob@example.net");
        attempt.Recipients.Select(recipient => recipient.Status.Action).ShouldBe([DeliveryAction.Delivered, DeliveryAction.Delayed]);
        var waiting = attempt.Recipients[1].Status;
        waiting.Status.ShouldBe(new EnhancedStatus(4, 7, 5));
        waiting.Diagnostic.ShouldBe("Held: no certificate to encrypt to: partners: no certificate names carol@example.net");
        attempt.NextAttempt.ShouldBe(_bed.Time.GetUtcNow().AddMinutes(1));
    }

    [Theory]
    [MemberData(nameof(WithoutEncryption))]
    public async Task Whatever_rules_say_now_it_does_not_leave_without_encryption(Protection protection)
    {
        _bed.Rules = message => new Prepared([HeldBed.Ready(message, protection, message.Envelope.Recipients)], []);

        var attempt = await AttemptAsync(_bed.Held.Queued("bob@example.net"));

        attempt.Successors.ShouldBeEmpty();
        attempt.Recipients.Single().Status.Action.ShouldBe(DeliveryAction.Delayed);
        attempt.Recipients.Single().Status.Diagnostic.ShouldBe("Held: no certificate to encrypt to: the rules in force would not encrypt it");
        _bed.Log.Count(line => line.StartsWith("Warning", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task That_rules_in_force_would_send_it_in_plain_text_is_a_warning_and_keeps_it()
    {
        _bed.Rules = message => new Prepared(
            [], [.. message.Envelope.Recipients.Select(recipient => new StillHeld(recipient, "the rule \"pass\" would not encrypt it") { WouldBePlain = true })]);

        var attempt = await AttemptAsync(_bed.Held.Queued("bob@example.net", "carol@example.net"));

        attempt.Successors.ShouldBeEmpty();
        attempt.Recipients.ShouldAllBe(recipient => recipient.Status.Action == DeliveryAction.Delayed);
        _bed.Log.ShouldHaveSingleItem().ShouldContain("stays held, although there are rules by which it could leave");
    }

    [Fact]
    public async Task A_refusal_by_the_rules_in_force_ends_it_in_a_report()
    {
        _bed.Rules = message => Prepared.RefusedFor(
            message,
            new Rejected(SmtpReply.OneLine(550, new EnhancedStatus(5, 7, 1), "you may not send as this sender"), "for the log"));

        var attempt = await AttemptAsync(_bed.Held.Queued("bob@example.net"));

        attempt.Recipients.Single().Status.ShouldBe(
            new DeliveryStatus(DeliveryAction.Failed, new EnhancedStatus(5, 7, 1), "you may not send as this sender", null));
        ReportOf(attempt).ShouldContain("you may not send as this sender");
    }

    [Fact]
    public async Task Trouble_that_may_pass_keeps_it_waiting()
    {
        _bed.Rules = message => Prepared.RefusedFor(
            message,
            new Deferred(SmtpReply.OneLine(451, new EnhancedStatus(4, 4, 3), "a source of certificates cannot be asked now"), "for the log"));

        var attempt = await AttemptAsync(_bed.Held.Queued("bob@example.net"));

        attempt.Recipients.Single().Status.ShouldBe(
            new DeliveryStatus(DeliveryAction.Delayed, new EnhancedStatus(4, 4, 3), "Held: a source of certificates cannot be asked now", null));
    }

    [Theory]
    [InlineData(true, "Held: a look-up took too long")]
    [InlineData(false, "Held: the message was not ready in time")]
    public async Task What_never_ends_keeps_it_waiting_and_no_worker_and_only_a_look_up_is_called_one(bool isLookUp, string diagnostic)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _bed.Source = isLookUp ? cancellationToken => LookUp.AskAsync(BeginAsync, cancellationToken).AsTask() : cancellationToken => BeginAsync(cancellationToken).AsTask();
        _queue.Add(_bed.Held.Queued("bob@example.net"));
        _bed.Start();
        await Eventually.EndsAsync(begun.Task);

        await Eventually.TrueAsync(() =>
        {
            _bed.Time.Advance(TimeSpan.FromSeconds(30));
            return _queue.IsEmpty;
        });

        _queue.Records.ShouldHaveSingleItem().Attempt.Recipients.Single().Status.Diagnostic.ShouldBe(diagnostic);

        // The time must not be over before it is being asked: then nobody was looked up.
        ValueTask<bool> BeginAsync(CancellationToken cancellationToken)
        {
            begun.SetResult();
            return EndlessAsync(cancellationToken);
        }
    }

    [Fact]
    public async Task When_the_time_is_over_the_sender_hears_that_no_certificate_appeared_and_gets_nothing_of_the_content()
    {
        var attempt = await AttemptAsync(Old(_bed.Held.Queued("bob@example.net")));

        attempt.Recipients.Single().Status.Status.ShouldBe(new EnhancedStatus(5, 7, 5));
        attempt.IsRefusable.ShouldBeFalse("the report has to be written down");
        var report = ReportOf(attempt);
        report.ShouldContain("Subject: Undelivered mail returned to sender: no certificate to encrypt to");
        report.ShouldContain("From: alice@example.com");
        report.ShouldNotContain(SomeHeld.Secret);
        report.ShouldNotContain("offer");
    }

    [Fact]
    public async Task After_a_while_the_sender_hears_what_it_waits_for_once()
    {
        var waiting = _bed.Held.Queued("bob@example.net") with { Age = TimeSpan.FromHours(5), Attempts = 20 };

        var attempt = await AttemptAsync(waiting);

        attempt.IsDelayReported.ShouldBeTrue();
        var report = ReportOf(attempt);
        report.ShouldContain("Subject: Delayed mail: it waits for a certificate to encrypt to");
        report.ShouldContain("no certificate names bob@example.net");
        report.ShouldNotContain("offer");
        (await AttemptAsync(waiting with { IsDelayReported = true })).Successors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_seal_that_does_not_open_keeps_the_message_says_so_and_ends_in_a_report()
    {
        using var other = new SomeHeld(KeyKind.EcP256);
        var foreign = other.Queued("bob@example.net");

        var attempt = await AttemptAsync(foreign);

        attempt.Successors.ShouldBeEmpty();
        attempt.Recipients.Single().Status.Action.ShouldBe(DeliveryAction.Delayed);
        attempt.Recipients.Single().Status.Diagnostic.ShouldStartWith("Held: the seal does not open: ");
        _bed.Log.ShouldHaveSingleItem().ShouldStartWith($"Error {foreign.Id} stays sealed, as its seal does not open");
        _bed.Opened.ShouldBeEmpty();

        var end = await AttemptAsync(Old(foreign));

        end.Recipients.Single().Status.Status.ShouldBe(new EnhancedStatus(5, 3, 0));
        ReportOf(end).ShouldContain("can no longer be opened");
    }

    [Fact]
    public async Task Where_the_queue_has_no_room_for_what_it_would_become_it_stays_as_it_is()
    {
        _bed.Known["bob@example.net"] = true;
        _queue.WhenRecording = attempt => _ = attempt.IsRefusable ? throw new IOException("No space left on device") : true;

        var attempt = await AttemptAsync(_bed.Held.Queued("bob@example.net"));

        attempt.Successors.ShouldBeEmpty();
        attempt.Recipients.Single().Status.Action.ShouldBe(DeliveryAction.Delayed);
        attempt.Recipients.Single().Status.Diagnostic.ShouldContain("no room");
    }

    [Fact]
    public async Task Rules_that_break_put_it_off()
    {
        _bed.Rules = _ => throw new InvalidOperationException("a bug");

        _queue.Add(_bed.Held.Queued("bob@example.net"));
        _bed.Start();
        await Eventually.TrueAsync(() =>
        {
            _bed.Time.Advance(TimeSpan.FromSeconds(1));
            return _queue.IsEmpty;
        });

        var (_, attempt) = _queue.Records.ShouldHaveSingleItem();
        attempt.Recipients.Single().Status.Action.ShouldBe(DeliveryAction.Delayed);
        attempt.Successors.ShouldBeEmpty();

        var end = await AttemptAsync(Old(_bed.Held.Queued("bob@example.net")), TimeSpan.FromSeconds(1));

        end.Recipients.Single().Status.Action.ShouldBe(DeliveryAction.Failed);
        ReportOf(end).ShouldContain("bob@example.net");
    }

    private static async ValueTask<bool> EndlessAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return true;
    }

    private static string ReportOf(AttemptRecord attempt)
    {
        var report = attempt.Successors.ShouldHaveSingleItem();
        report.Protection.ShouldBe(Protection.OwnReport);
        return Encoding.UTF8.GetString(report.Content.Span);
    }

    private static QueuedMessage Old(QueuedMessage message) => message with { Age = TimeSpan.FromDays(5), Attempts = 100 };

    private async Task<AttemptRecord> AttemptAsync(QueuedMessage message, TimeSpan step = default)
    {
        _queue.Records.Clear();
        _queue.Add(message);
        _bed.Start();
        await Eventually.TrueAsync(() =>
        {
            _bed.Time.Advance(step);
            return _queue.IsEmpty;
        });
        return _queue.Records.ShouldHaveSingleItem().Attempt;
    }
}
