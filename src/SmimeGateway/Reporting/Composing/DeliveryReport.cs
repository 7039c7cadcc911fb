using System.Globalization;
using System.Text;

namespace SmimeGateway.Reporting.Composing;

/// <summary>
/// Writes a report: multipart/report (RFC 6522) with a part for people, a part for programs (RFC 3464, RFC 6533), and what is given back
/// of the message. All of it is 7-bit text, apart from the address of a sender that has UTF-8 there: a report is sent once, to whatever
/// server the sender has, and nobody hears of one that cannot travel.
/// </summary>
/// <param name="hostName">Our own name.</param>
internal sealed class DeliveryReport(string hostName)
{
    // RFC 5322 section 2.1.1, less the room that the field needs beside the address.
    private const int MaxAddress = 900;

    /// <summary>Composes the complete report.</summary>
    public byte[] Compose(ReportOccasion occasion)
    {
        var status = StatusFields.Compose(hostName, occasion);
        ReportPart[] parts =
        [
            ReportPart.Text("text/plain; charset=utf-8", "Notification", Notice.Compose(hostName, occasion)),
            ReportPart.Text(
                Ascii.IsValid(status) ? "message/delivery-status" : "message/global-delivery-status", "Delivery report", status),
            ReturnedPart.Of(occasion),
        ];

        // The id, the moment, the kind and the number make a name that no other report has; a message that knows it all the same makes
        // the boundary longer.
        var name = string.Create(
            CultureInfo.InvariantCulture, $"{occasion.Message.Id.Value}.{occasion.Now.UtcTicks:X}.{(int)occasion.Kind}.{occasion.Number}");
        var boundary = "=_" + name;
        while (parts.Any(part => part.Holds(boundary)))
        {
            boundary += "_";
        }

        using var report = new MemoryStream(4096 + parts.Sum(part => part.Length));
        Write(report, Header(occasion, name, boundary));
        foreach (var part in parts)
        {
            Write(report, $"\r\n--{boundary}\r\n{part.Header}\r\n");
            report.Write(part.Body.Span);
        }

        Write(report, $"\r\n--{boundary}--\r\n");
        return report.ToArray();
    }

    private string Header(ReportOccasion occasion, string name, string boundary) =>
        $"Date: {MailDate.Write(occasion.Now)}\r\n"
        + $"From: Mail Delivery System <MAILER-DAEMON@{hostName}>\r\n"
        + $"To: {Addressee(occasion)}\r\n"
        + $"Subject: {Wording.Subject(occasion.Kind)}\r\n"
        + $"Message-ID: <{name}@{hostName}>\r\n"
        + "Auto-Submitted: auto-replied\r\n"
        + "MIME-Version: 1.0\r\n"
        + $"Content-Type: multipart/report; report-type=delivery-status;\r\n boundary=\"{boundary}\"\r\n"
        + "\r\nThis is a message in MIME format.\r\n";

    // An address that makes a line too long to be mail is left to the envelope.
    private static string Addressee(ReportOccasion occasion) =>
        occasion.Message.Envelope.ReversePath.Address is { Length: <= MaxAddress } address
        && Encoding.UTF8.GetByteCount(address) <= MaxAddress
            ? $"<{address}>"
            : "undisclosed-recipients:;";

    private static void Write(MemoryStream report, string text) => report.Write(Encoding.UTF8.GetBytes(text));
}
