using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Locating.Dkim;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.Reporting;
using SmimeGateway.Smtp;
using SmimeGateway.Tests.Relaying;

namespace SmimeGateway.Tests.Reporting;

/// <summary>What reports tell of mail that was encrypted, was to be, or could not be.</summary>
public sealed class ConfidentialReportTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = SomeQueued.Accepted.AddDays(5);

    private readonly RouteTable _routes = new([new Route([AddressPattern.Parse("*@example.com"), AddressPattern.Parse("*@example.net")], new AnsweringDelivery(1))]);

    public static TheoryData<Protection> Protections => [.. Enum.GetValues<Protection>()];

    public ValueTask DisposeAsync() => _routes.DisposeAsync();

    [Theory]
    [MemberData(nameof(Protections))]
    public void The_content_comes_back_only_if_nobody_wanted_it_protected(Protection protection)
    {
        var message = Message("The secret") with { Protection = protection };
        foreach (var (action, status) in new[] { (DeliveryAction.Failed, "5.1.1"), (DeliveryAction.Failed, "5.7.5"), (DeliveryAction.Failed, "4.4.1"), (DeliveryAction.Delayed, "4.7.5") })
        {
            var reports = Reporter().Report(message, [Progress(message, action, status)], Now, Now);

            var report = Encoding.UTF8.GetString(reports.ShouldHaveSingleItem().Content.Span);
            report.ShouldContain("Subject: visible");
            report.Contains("The secret", StringComparison.Ordinal)
                .ShouldBe(protection == Protection.PassedUnchanged && action == DeliveryAction.Failed, $"{protection}, {action} {status}");
        }
    }

    [Fact]
    public void A_held_message_that_is_given_up_tells_its_sender_what_was_missing()
    {
        var message = Message("sealed") with { Protection = Protection.Held };

        var report = Encoding.UTF8.GetString(
            Reporter().Report(message, [Progress(message, DeliveryAction.Failed, "5.7.5")], null, Now).Single().Content.Span);

        report.ShouldContain("Subject: Undelivered mail returned to sender: no certificate to encrypt to\r\n");
        report.ShouldContain("Status: 5.7.5\r\n");
    }

    [Fact]
    public void A_refusal_by_a_next_hop_for_want_of_a_certificate_is_told_like_any_other()
    {
        var message = Message("encrypted") with { Protection = Protection.Encrypted };

        var report = Encoding.UTF8.GetString(
            Reporter().Report(message, [Progress(message, DeliveryAction.Failed, "5.7.5")], null, Now).Single().Content.Span);

        report.ShouldContain("Subject: Undelivered mail returned to sender: refused\r\n");
    }

    [Fact]
    public void Recipients_without_a_certificate_are_reported_before_anything_is_queued()
    {
        var envelope = Message(string.Empty).Envelope;

        var report = Reporter().ReportMissing(envelope, "Subject: visible\r\n"u8.ToArray(), [Missing(envelope.Recipients[0])], Now, "0HNPNF2V4V3K6").ShouldHaveSingleItem();

        report.Protection.ShouldBe(Protection.OwnReport);
        report.Envelope.ReversePath.IsNull.ShouldBeTrue();
        report.Envelope.Recipients.Single().Path.Address.ShouldBe("alice@example.com");
        var text = Encoding.UTF8.GetString(report.Content.Span);
        text.ShouldContain("Subject: Undelivered mail returned to sender: no certificate to encrypt to\r\n");
        text.ShouldContain("Final-Recipient: rfc822; bob@example.net\r\nAction: failed\r\nStatus: 5.7.5\r\n");
        text.ShouldContain("\r\nContent-Type: text/rfc822-headers\r\n");
        text.ShouldContain("\r\n\r\nSubject: visible\r\n");
        text.ShouldContain("0HNPNF2V4V3K6");
    }

    [Theory]
    [InlineData(Notify.Never, 0)]
    [InlineData(Notify.Success | Notify.Delay, 0)]
    [InlineData(Notify.Failure, 1)]
    [InlineData(Notify.None, 1)]
    public void Notify_is_honoured_for_them_too(Notify notify, int reports)
    {
        var envelope = Message(string.Empty).Envelope;

        Reporter().ReportMissing(envelope, "Subject: x\r\n"u8.ToArray(), [Missing(envelope.Recipients[0] with { Notify = notify })], Now, "0HNPNF2V4V3K6").Count.ShouldBe(reports);
    }

    [Theory]
    [InlineData("alice@example.com", true)]
    [InlineData("alice@elsewhere.example", false)]
    public void Only_a_sender_that_a_route_leads_to_can_be_told(string sender, bool canBeTold)
    {
        Reporter().CanTell(SomeQueued.Path(sender)).ShouldBe(canBeTold);
        Reporter().CanTell(MailPath.Null).ShouldBeFalse();
    }

    private static RecipientProgress Missing(EnvelopeRecipient recipient) =>
        new(recipient, new DeliveryStatus(DeliveryAction.Failed, new EnhancedStatus(5, 7, 5), "no certificate to encrypt to", RemoteMta: null));

    private static RecipientProgress Progress(QueuedMessage message, DeliveryAction action, string status)
    {
        var numbers = status.Split('.').Select(int.Parse).ToArray();
        return new RecipientProgress(
            message.Envelope.Recipients[0], new DeliveryStatus(action, new EnhancedStatus(numbers[0], numbers[1], numbers[2]), "for a reason", null));
    }

    private static QueuedMessage Message(string body)
    {
        var message = SomeQueued.To("bob@example.net");
        return message with
        {
            Content = Encoding.ASCII.GetBytes($"Subject: visible\r\n\r\n{body}\r\n"),
            Envelope = message.Envelope with { Return = ReturnedContent.Full },
        };
    }

    private Reporter Reporter() => new("gateway.example.com", _routes, SigningDomains.Open([], TimeProvider.System), TimeProvider.System, NullLogger<Reporter>.Instance);
}
