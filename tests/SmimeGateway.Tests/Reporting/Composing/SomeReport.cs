using System.Text;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Reporting;
using SmimeGateway.Reporting.Composing;
using SmimeGateway.Smtp;
using SmimeGateway.Tests.Relaying;

namespace SmimeGateway.Tests.Reporting.Composing;

/// <summary>Reports with the same dates and names in every run.</summary>
internal static class SomeReport
{
    public const string Mail = "From: alice@example.com\r\nTo: bob@example.net\r\nSubject: A long\r\n folded subject\r\n\r\nThe body.\r\n";

    public static DateTimeOffset Now { get; } = SomeQueued.Accepted.AddMinutes(2);

    public static QueuedMessage Message(string sender = "alice@example.com", string content = Mail) => Message(sender, Encoding.UTF8.GetBytes(content));

    public static QueuedMessage Message(string sender, byte[] content) => SomeQueued.From(sender, "bob@example.net") with
    {
        Id = new QueueId("0Q1W2E3R4T5Y"),
        Content = content,
        Protection = Protection.PassedUnchanged,
        Age = TimeSpan.FromMinutes(2),
    };

    public static RecipientProgress Recipient(
        string address, DeliveryAction action, string status, string diagnostic, string? remoteMta = "mx1.example.net", string? original = null)
    {
        var numbers = status.Split('.').Select(int.Parse).ToArray();
        return new RecipientProgress(
            new EnvelopeRecipient(SomeQueued.Path(address)) { OriginalRecipient = original },
            new DeliveryStatus(action, new EnhancedStatus(numbers[0], numbers[1], numbers[2]), diagnostic, remoteMta));
    }

    public static RecipientProgress Failed(string address = "bob@example.net", string status = "5.1.1", string diagnostic = "550 5.1.1 no such user") =>
        Recipient(address, DeliveryAction.Failed, status, diagnostic);

    public static string Compose(QueuedMessage message, params RecipientProgress[] recipients) =>
        Encoding.UTF8.GetString(Write(ReportKind.Refused, message, recipients));

    public static byte[] Write(ReportKind kind, QueuedMessage message, params RecipientProgress[] recipients) =>
        Write(new ReportOccasion(kind, message, recipients, Now));

    public static byte[] Write(ReportOccasion occasion) => new DeliveryReport("gateway.example.com").Compose(occasion);
}
