using System.Text;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Reporting;
using SmimeGateway.Smtp;
using static SmimeGateway.Tests.Reporting.Composing.SomeReport;

namespace SmimeGateway.Tests.Reporting.Composing;

/// <summary>The reports that lie beside these tests as files: one for each kind, and one for each thing a sender may ask for.</summary>
internal static class GoldenReports
{
    private const string Unknown =
        "550 5.1.1 <bob@example.net>: Recipient address rejected: User unknown in local recipient table";

    public static IReadOnlyDictionary<string, Func<byte[]>> All { get; } = new Dictionary<string, Func<byte[]>>
    {
        ["refused"] = () => Write(ReportKind.Refused, Message(), Failed(diagnostic: Unknown)),
        ["several"] = () => Write(
            ReportKind.Refused,
            Message(),
            Failed("bob@example.net", "5.3.4", "552 5.3.4 Message size exceeds fixed limit"),
            Failed("\"carol smith\"@example.net", "5.6.7", "The recipient's address holds UTF-8, and the next hop does not offer SMTPUTF8."),
            Recipient("dave@example.org", DeliveryAction.Failed, "5.4.4", "No route is configured for this recipient.", remoteMta: null)),
        ["expired"] = () => Write(new ReportOccasion(
            ReportKind.Expired,
            Message() with { Age = TimeSpan.FromDays(5) },
            [Failed(status: "4.4.1", diagnostic: "Connecting to 192.0.2.1:25 failed: Connection refused.")],
            Now.AddDays(5))),
        ["delayed"] = () => Write(new ReportOccasion(
            ReportKind.Delayed,
            Message() with { Age = TimeSpan.FromHours(4) },
            [Recipient("bob@example.net", DeliveryAction.Delayed, "4.2.2", "452 4.2.2 The mailbox is full")],
            Now.AddHours(4),
            Now.AddDays(5))),
        ["delivered"] = () => Write(
            ReportKind.Delivered,
            Message(),
            Recipient("bob@example.net", DeliveryAction.Delivered, "2.0.0", "Written into the folder.", remoteMta: null)),
        ["relayed"] = () => Write(
            ReportKind.Relayed,
            Message(),
            Recipient("bob@example.net", DeliveryAction.Delivered, "2.0.0", "250 2.0.0 Ok: queued as 4B9E1C0A")),
        ["unencrypted"] = () => Write(
            ReportKind.NotEncrypted,
            Sealed(),
            Recipient("bob@example.net", DeliveryAction.Failed, "5.7.5", "No certificate to encrypt to appeared within 5 days.", remoteMta: null)),
        ["awaiting"] = () => Write(new ReportOccasion(
            ReportKind.AwaitingCertificate,
            Sealed() with { Age = TimeSpan.FromHours(4) },
            [Recipient("bob@example.net", DeliveryAction.Delayed, "4.7.5", "Held: no certificate names bob@example.net.", remoteMta: null)],
            Now.AddHours(4),
            Now.AddDays(5))),
        ["identified"] = () => Write(
            ReportKind.Refused,
            Identified(),
            Recipient("bob@example.net", DeliveryAction.Failed, "5.1.1", "550 5.1.1 no such user", original: "rfc822;Bob+2BSales@Example.NET")),
        ["utf8"] = () => Write(
            ReportKind.Refused,
            InUtf8("jürgen@example.com"),
            Recipient("dömi@exämple.net", DeliveryAction.Failed, "5.1.1", "550 5.1.1 Empfänger unbekannt", original: @"utf-8;d\x{F6}mi@ex\x{E4}mple.net")),
        ["latin1"] = () => Write(
            ReportKind.Refused,
            Message("alice@example.com", Encoding.Latin1.GetBytes("Subject: Grüße = mehr\r\n\r\nBody.\r\n")),
            Failed(diagnostic: "550 5.1.1 Empfänger unbekannt")),
        ["full"] = () => Write(
            ReportKind.Refused,
            Message() with { Envelope = Message().Envelope with { Return = ReturnedContent.Full } },
            Failed()),
    };

    private static QueuedMessage Identified() =>
        Message() with { Envelope = Message().Envelope with { EnvelopeId = "QQ314159+2BInvoice+2042" } };

    private static QueuedMessage InUtf8(string sender)
    {
        var message = Message(sender, "From: Jürgen <jürgen@example.com>\r\nSubject: Grüße = mehr\r\n\r\nBody.\r\n");
        return message with { Envelope = message.Envelope with { SmtpUtf8 = true } };
    }

    private static QueuedMessage Sealed()
    {
        var message = Message(content: "From: alice@example.com\r\nSubject: [...]\r\nContent-Type: application/pkcs7-mime\r\n\r\nMIIB\r\n");
        return message with { Protection = Protection.Held, Envelope = message.Envelope with { Return = ReturnedContent.Full } };
    }
}
