using System.Globalization;
using System.Text;
using SmimeGateway.Mime.Transfer;
using SmimeGateway.Queueing;

namespace SmimeGateway.Reporting;

/// <summary>
/// Writes the report that tells a sender that a message did not arrive: multipart/report (RFC 6522) with a part for people, a part for
/// programs (RFC 3464), and the header of the message, never its content.
/// </summary>
/// <param name="hostName">Our own name.</param>
internal sealed class DeliveryReport(string hostName)
{
    /// <summary>Composes a report in 7-bit form, apart from UTF-8 in the address of a sender that has it there.</summary>
    /// <param name="message">The message reported on.</param>
    /// <param name="failed">The recipients that failed in the attempt that just ended.</param>
    /// <param name="now">The time of the report.</param>
    public byte[] Compose(QueuedMessage message, IReadOnlyList<RecipientProgress> failed, DateTimeOffset now)
    {
        var header = QuotedHeader.Of(message.Content.Span);
        var boundary = string.Create(CultureInfo.InvariantCulture, $"=_{message.Id.Value}.{now.UtcTicks:X}");
        while (header.Contains(boundary, StringComparison.Ordinal))
        {
            boundary += "_";
        }

        var report = new StringBuilder(2048 + header.Length);
        AppendHeader(report, message, boundary, now);
        AppendPart(report, boundary, "text/plain; charset=utf-8", "Notification", FailureNotice.Compose(hostName, message, failed, now));
        AppendPart(report, boundary, "message/delivery-status", "Delivery report", StatusFields.Compose(hostName, message, failed, now));
        AppendPart(report, boundary, "text/rfc822-headers; charset=utf-8", "Header of the undelivered message", header);
        report.Append("--").Append(boundary).Append("--\r\n");
        return Encoding.UTF8.GetBytes(report.ToString());
    }

    private void AppendHeader(StringBuilder report, QueuedMessage message, string boundary, DateTimeOffset now) => report
        .Append("Date: ").Append(MailDate.Write(now)).Append("\r\n")
        .Append("From: Mail Delivery System <MAILER-DAEMON@").Append(hostName).Append(">\r\n")
        .Append("To: <").Append(message.Envelope.ReversePath.Address).Append(">\r\n")
        .Append("Subject: Undelivered mail returned to sender\r\n")
        .Append("Message-ID: <").Append(boundary.AsSpan("=_".Length)).Append('@').Append(hostName).Append(">\r\n")
        .Append("Auto-Submitted: auto-replied\r\n")
        .Append("MIME-Version: 1.0\r\n")
        .Append("Content-Type: multipart/report; report-type=delivery-status;\r\n boundary=\"").Append(boundary).Append("\"\r\n")
        .Append("\r\nThis is a message in MIME format.\r\n\r\n");

    private static void AppendPart(StringBuilder report, string boundary, string contentType, string description, string body)
    {
        var needsEncoding = !SevenBitText.Holds(body);
        report.Append("--").Append(boundary).Append("\r\nContent-Type: ").Append(contentType)
            .Append("\r\nContent-Description: ").Append(description);
        if (needsEncoding)
        {
            report.Append("\r\nContent-Transfer-Encoding: quoted-printable");
        }

        report.Append("\r\n\r\n").Append(needsEncoding ? Encoding.ASCII.GetString(QuotedPrintable.Encode(Encoding.UTF8.GetBytes(body))) : body).Append("\r\n");
    }
}
