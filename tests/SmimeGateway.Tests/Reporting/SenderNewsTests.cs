using System.Text;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;
using SmimeGateway.Tests.Relaying;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Reporting;

/// <summary>What a sender hears of each attempt, and what never.</summary>
public sealed class SenderNewsTests : IAsyncDisposable
{
    private readonly RememberingQueue _queue = new() { TriesAgain = false };
    private readonly ManualTimeProvider _time = new();
    private readonly AnsweringDelivery _delivery = new(width: 1);

    public async ValueTask DisposeAsync()
    {
        await _delivery.DisposeAsync();
        await _queue.DisposeAsync();
    }

    [Theory]
    [InlineData(Notify.None, "Never", "failed")]
    [InlineData(Notify.None, "Later", "delayed")]
    [InlineData(Notify.None, "Accepted", null)]
    [InlineData(Notify.None, "Written", null)]
    [InlineData(Notify.Never, "Never", null)]
    [InlineData(Notify.Never, "Later", null)]
    [InlineData(Notify.Never, "Accepted", null)]
    [InlineData(Notify.Never, "Written", null)]
    [InlineData(Notify.Success, "Never", null)]
    [InlineData(Notify.Success, "Later", null)]
    [InlineData(Notify.Success, "Accepted", "relayed")]
    [InlineData(Notify.Success, "AcceptedWithDsn", null)]
    [InlineData(Notify.Success, "Written", "delivered")]
    [InlineData(Notify.Failure, "Never", "failed")]
    [InlineData(Notify.Failure, "Later", null)]
    [InlineData(Notify.Failure, "Accepted", null)]
    [InlineData(Notify.Delay, "Never", null)]
    [InlineData(Notify.Delay, "Later", "delayed")]
    [InlineData(Notify.Delay | Notify.Failure | Notify.Success, "Never", "failed")]
    [InlineData(Notify.Delay | Notify.Failure | Notify.Success, "Later", "delayed")]
    [InlineData(Notify.Delay | Notify.Failure | Notify.Success, "Accepted", "relayed")]
    public async Task Notify_is_honoured(Notify notify, string answer, string? action)
    {
        _delivery.Answer = _ => Answers.Named(answer);

        var attempt = await AttemptAsync(Waiting(TimeSpan.FromHours(5), (notify, "bob@example.net")));

        if (action is null)
        {
            attempt.Successors.ShouldBeEmpty();
        }
        else
        {
            TextOf(attempt.Successors.ShouldHaveSingleItem()).ShouldContain($"\r\nAction: {action}\r\n");
        }
    }

    [Fact]
    public async Task One_attempt_with_news_of_all_kinds_makes_one_report_of_each_with_the_right_recipients()
    {
        _delivery.Answer = recipient => Answers.Named(recipient.Path.LocalPart);

        var attempt = await AttemptAsync(Waiting(
            TimeSpan.FromHours(5),
            (Notify.None, "Never@example.net"), (Notify.Never, "Never@example.com"), (Notify.Failure, "Never@example.org"),
            (Notify.None, "Later@example.net"), (Notify.Success, "Later@example.org"),
            (Notify.Success, "Accepted@example.net"), (Notify.Success, "AcceptedWithDsn@example.net"), (Notify.None, "Accepted@example.org"),
            (Notify.Success, "Written@example.net")));

        attempt.Successors.Select(report => string.Join(' ', Fields(report, "Final-Recipient: rfc822; ", "Action: "))).ShouldBe(
        [
            "Never@example.net failed Never@example.org failed",
            "Later@example.net delayed",
            "Written@example.net delivered",
            "Accepted@example.net relayed",
        ]);
    }

    [Fact]
    public async Task An_immense_number_of_refusals_is_told_completely_in_reports_that_fit_into_the_queue()
    {
        _delivery.Answer = _ => Answers.Never with { Diagnostic = "550 " + new string('x', 800) };
        var recipients = Enumerable.Range(0, 50_000).Select(number => (Notify.None, $"r{number}@example.net")).ToArray();

        var attempt = await AttemptAsync(Waiting(TimeSpan.Zero, recipients));

        attempt.Successors.Count.ShouldBe(50);
        attempt.Successors.Sum(report => report.Content.Length).ShouldBeLessThan(48 * 1024 * 1024, "a frame of the queue holds 64 MB");
        attempt.Successors.SelectMany(report => Fields(report, "Final-Recipient: rfc822; ")).SequenceEqual(recipients.Select(wanted => wanted.Item2))
            .ShouldBeTrue("each of them is named once, in their order");
        attempt.Successors.SelectMany(report => Fields(report, "Message-ID: ")).Distinct().Count().ShouldBe(50);
        TextOf(attempt.Successors[0]).ShouldContain("names 900 more");
    }

    [Fact]
    public async Task A_report_leaves_from_nobody_and_asks_for_no_report_on_itself()
    {
        _delivery.Answer = _ => Answers.Never;

        var report = (await AttemptAsync(SomeQueued.To("bob@example.net"))).Successors.ShouldHaveSingleItem();

        report.Protection.ShouldBe(Protection.OwnReport);
        report.Envelope.ReversePath.IsNull.ShouldBeTrue();
        report.Envelope.Return.ShouldBe(ReturnedContent.Unspecified, "RFC 3461 section 6.1 forbids RET");
        report.Envelope.SmtpUtf8.ShouldBeFalse();
        var recipient = report.Envelope.Recipients.ShouldHaveSingleItem();
        recipient.Path.Address.ShouldBe("alice@example.com");
        recipient.Notify.ShouldBe(Notify.Never);
    }

    [Theory]
    [InlineData("Never")]
    [InlineData("Later")]
    [InlineData("Accepted")]
    public async Task The_null_sender_hears_nothing(string answer)
    {
        _delivery.Answer = _ => Answers.Named(answer);
        var message = SomeQueued.From(string.Empty, "bob@example.net") with { Age = TimeSpan.FromHours(5), Attempts = 20 };
        message = message with
        {
            Envelope = message.Envelope with { Recipients = [message.Envelope.Recipients[0] with { Notify = Notify.Success | Notify.Delay }] },
        };

        (await AttemptAsync(message)).Successors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_sender_no_route_leads_to_hears_nothing_and_the_message_ends_all_the_same()
    {
        _delivery.Answer = _ => Answers.Never;

        var attempt = await AttemptAsync(SomeQueued.From("alice@nowhere.example", "bob@example.net"));

        attempt.Successors.ShouldBeEmpty();
        attempt.Recipients.Single().Status.Action.ShouldBe(DeliveryAction.Failed);
    }

    [Fact]
    public async Task A_delay_is_reported_once_at_the_first_attempt_that_fails_after_its_time()
    {
        _queue.TriesAgain = true;
        var ages = new Queue<double>([1, 3.9, 4.1, 5, 48]);
        _delivery.Answer = _ => ages.Count > 0 ? Answers.Later : Answers.Accepted;

        // The queue in memory does not know ages, so each record is handed out again with the next one.
        _queue.Aging = message => message with { Age = TimeSpan.FromHours(ages.Count > 0 ? ages.Dequeue() : 49) };
        await RunAsync(_queue.Aging(SomeQueued.To("bob@example.net") with { Attempts = 10 }));

        _queue.Records.Select(record => (record.Message.Age.TotalHours, record.Attempt.Successors.Count, record.Attempt.IsDelayReported)).ShouldBe(
            [(1, 0, false), (3.9, 0, false), (4.1, 1, true), (5, 0, true), (48, 0, true)]);
        var report = TextOf(_queue.Reports.ShouldHaveSingleItem());
        report.ShouldContain("after 4 hours");
        report.ShouldContain("Will-Retry-Until: Thu, 19 Mar 2026 05:20:53 +0000");
    }

    [Fact]
    public async Task Who_fails_because_the_time_is_over_keeps_the_last_answer()
    {
        _delivery.Answer = _ => Answers.Later;

        var attempt = await AttemptAsync(SomeQueued.To("bob@example.net") with { Age = TimeSpan.FromDays(6), Attempts = 300, IsDelayReported = true });

        attempt.Recipients.Select(recipient => recipient.Status).ShouldBe([Answers.Later with { Action = DeliveryAction.Failed }]);
        var report = TextOf(attempt.Successors.ShouldHaveSingleItem());
        report.ShouldContain("within 6 days");
        report.ShouldContain("Diagnostic-Code: smtp; 450 4.2.0 Later");
    }

    [Theory]
    [InlineData(false, "after 4 hours", DeliveryAction.Delayed)]
    [InlineData(true, "within 5 days", DeliveryAction.Failed)]
    public async Task The_sender_hears_of_mail_that_could_not_even_be_tried(bool isDelayReported, string words, DeliveryAction action)
    {
        (_delivery.IsOut, _delivery.Answer) = (true, _ => Answers.Busy);
        var age = isDelayReported ? TimeSpan.FromDays(5) : TimeSpan.FromHours(4);
        _queue.TriesAgain = false;

        var attempt = await AttemptAsync(
            SomeQueued.To("bob@example.net") with { Age = age, Waited = age, IsOverdue = true, IsDelayReported = isDelayReported });

        attempt.Recipients.Single().Status.ShouldBe(Answers.Busy with { Action = action });
        TextOf(attempt.Successors.ShouldHaveSingleItem()).ShouldContain(words);
    }

    [Fact]
    public async Task What_could_not_be_tried_goes_back_without_a_record_as_long_as_nobody_has_to_hear_of_it()
    {
        (_delivery.IsOut, _delivery.Answer) = (true, _ => Answers.Busy);
        await using var bed = new LoopBed(_queue, _time, new QueueOptions(), ("*@example.*", _delivery));
        _queue.Add(SomeQueued.To("bob@example.net"));
        bed.Start();

        await Eventually.TrueAsync(() => _delivery.Attempts.Count > 3);
        _delivery.Answer = _ => Answers.Accepted;
        _delivery.IsOut = false;
        await Eventually.TrueAsync(() => _queue.IsEmpty);

        var (message, attempt) = _queue.Records.ShouldHaveSingleItem();
        message.Attempts.ShouldBe(0);
        attempt.Recipients.Single().Status.ShouldBe(Answers.Accepted);
    }

    private static QueuedMessage Waiting(TimeSpan age, params (Notify Notify, string Address)[] recipients)
    {
        var message = SomeQueued.To("bob@example.net") with { Age = age, Attempts = 10 };
        return message with
        {
            Envelope = message.Envelope with
            {
                Recipients = [.. recipients.Select(wanted => new EnvelopeRecipient(SomeQueued.Path(wanted.Address)) { Notify = wanted.Notify })],
            },
        };
    }

    private static string TextOf(ProtectedMessage report) => Encoding.UTF8.GetString(report.Content.Span);

    private static IEnumerable<string> Fields(ProtectedMessage report, params string[] names) => TextOf(report).Split("\r\n")
        .SelectMany(line => names.Where(name => line.StartsWith(name, StringComparison.Ordinal)).Select(name => line[name.Length..]));

    private async Task<AttemptRecord> AttemptAsync(QueuedMessage message)
    {
        await RunAsync(message);
        return _queue.Records.ShouldHaveSingleItem().Attempt;
    }

    private async Task RunAsync(QueuedMessage message)
    {
        await using var bed = new LoopBed(_queue, _time, new QueueOptions(), ("*@example.*", _delivery));
        _queue.Add(message);
        bed.Start();
        await Eventually.TrueAsync(() => _queue.IsEmpty);
    }
}
