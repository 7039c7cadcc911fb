using Microsoft.Extensions.Logging;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.Smtp;

namespace SmimeGateway.Reporting;

/// <summary>Decides whether a sender hears of recipients that failed, and writes the report.</summary>
internal sealed class Reporter(string hostName, RouteTable routes, ILogger<Reporter> log)
{
    private readonly DeliveryReport _report = new(hostName);

    /// <summary>
    /// Returns the report, from the null path to the sender of the message; or null, with a line in the log, when the sender is the null
    /// path itself or no route leads to it.
    /// </summary>
    public ProtectedMessage? Report(QueuedMessage message, IReadOnlyList<RecipientProgress> failed, DateTimeOffset now)
    {
        var sender = message.Envelope.ReversePath;
        if (sender.IsNull)
        {
            ReportingLog.NoSender(log, message.Id.Value, failed.Count);
            return null;
        }

        if (routes.Find(sender) is null)
        {
            ReportingLog.NoRoute(log, message.Id.Value, sender.Address);
            return null;
        }

        ReportingLog.Reporting(log, message.Id.Value, sender.Address, failed.Count);
        var envelope = new Envelope(MailPath.Null, [new EnvelopeRecipient(sender)]) { SmtpUtf8 = sender.RequiresSmtpUtf8 };
        return OwnReport.Protect(envelope, _report.Compose(message, failed, now));
    }
}
