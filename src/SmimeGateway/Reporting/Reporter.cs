using Microsoft.Extensions.Logging;
using SmimeGateway.Locating.Dkim;
using SmimeGateway.Protecting;
using SmimeGateway.Protecting.Dkim;
using SmimeGateway.Queueing;
using SmimeGateway.Relaying;
using SmimeGateway.Reporting.Composing;
using SmimeGateway.Smtp;

namespace SmimeGateway.Reporting;

/// <summary>Decides what a sender hears of an attempt, and writes the reports.</summary>
internal sealed class Reporter(string hostName, RouteTable routes, SigningDomains domains, TimeProvider time, ILogger<Reporter> log)
{
    private readonly DeliveryReport _report = new(hostName);

    /// <summary>True when a report can be sent to this sender: it is not the null path, and a route leads to it.</summary>
    public bool CanTell(MailPath sender) => !sender.IsNull && routes.Find(sender) is not null;

    /// <summary>
    /// Returns the reports that an attempt causes, one for each kind of news, from the null path to the sender of the message. None are
    /// returned to the null path, and none to a sender no route leads to; the log has a line about failures that go unreported.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="progress">What the attempt did for each recipient.</param>
    /// <param name="retryUntil">Until when the delayed recipients are tried, when their delay is to be reported now; else null.</param>
    /// <param name="now">When the attempt ended.</param>
    public IReadOnlyList<ProtectedMessage> Report(
        QueuedMessage message, IReadOnlyList<RecipientProgress> progress, DateTimeOffset? retryUntil, DateTimeOffset now)
    {
        var due = FindDue(message, progress, retryUntil is not null);
        return due is null ? [] : Compose(message, due, retryUntil, now);
    }

    /// <summary>
    /// Returns the reports about recipients whom a message does not reach because it had to be encrypted and there is no certificate of
    /// theirs: to be queued together with the messages for the others.
    /// </summary>
    /// <param name="envelope">The envelope of the message as it was offered.</param>
    /// <param name="visibleHeader">The header fields that may be seen outside of the encrypted message: all that is given back.</param>
    /// <param name="failed">The recipients without a certificate, as failed with 5.7.5.</param>
    /// <param name="now">The time.</param>
    /// <param name="session">Names the session in which it was offered, as the message itself has no queue id.</param>
    public IReadOnlyList<ProtectedMessage> ReportMissing(
        Envelope envelope, ReadOnlyMemory<byte> visibleHeader, IReadOnlyList<RecipientProgress> failed, DateTimeOffset now, string session)
    {
        var unsent = new QueuedMessage(new QueueId(session), envelope, visibleHeader, now, Attempts: 0)
        {
            Protection = Protection.Held,
        };
        return Report(unsent, failed, retryUntil: null, now);
    }

    private SortedDictionary<ReportKind, List<RecipientProgress>>? FindDue(
        QueuedMessage message, IReadOnlyList<RecipientProgress> progress, bool isDelayDue)
    {
        var sender = message.Envelope.ReversePath;
        var isHeld = message.Protection == Protection.Held;
        var unreported = 0;
        SortedDictionary<ReportKind, List<RecipientProgress>>? due = null;
        for (var i = 0; i < progress.Count; i++)
        {
            if (!sender.IsNull && NotifyCheck.FindDue(progress[i], isDelayDue, isHeld) is { } kind)
            {
                Add(due ??= [], kind, progress[i]);
            }
            else if (progress[i].Status.Action == DeliveryAction.Failed)
            {
                unreported++;
            }
        }

        if (unreported > 0)
        {
            // RFC 3461 section 5.2: the administrator hears of it at least, for nobody else does.
            ReportingLog.Unreported(log, message.Id.Value, unreported, sender.IsNull ? "its sender is empty" : "NOTIFY asks for no report");
        }

        return due;
    }

    private List<ProtectedMessage> Compose(
        QueuedMessage message, SortedDictionary<ReportKind, List<RecipientProgress>> due, DateTimeOffset? retryUntil, DateTimeOffset now)
    {
        var sender = message.Envelope.ReversePath;
        if (!CanTell(sender))
        {
            ReportingLog.NoRoute(log, message.Id.Value, sender.Address);
            return [];
        }

        var reports = new List<ProtectedMessage>(due.Count);
        foreach (var (kind, recipients) in due)
        {
            var what = Words(kind);
            ReportingLog.Reporting(log, message.Id.Value, what, sender.Address, recipients.Count);
            var until = kind is ReportKind.Delayed or ReportKind.AwaitingCertificate ? retryUntil : null;
            foreach (var (number, some) in recipients.Chunk(ReportOccasion.MaxRecipients).Index())
            {
                var occasion = new ReportOccasion(kind, message, some, now, until) { Number = number };
                reports.Add(Sign(OwnReport.Protect(EnvelopeTo(sender), _report.Compose(occasion)), message));
            }
        }

        return reports;
    }

    // What happened is to be told now: a report that waited for a key would be lost with the message that it is about.
    private ProtectedMessage Sign(ProtectedMessage report, QueuedMessage about)
    {
        if (domains.IsEmpty)
        {
            return report;
        }

        var signing = new DomainSigner(domains.ForHost(hostName), arrived: null, time).Sign(report);
        if (signing.Trouble is { } trouble)
        {
            DkimLog.ReportUnsigned(log, about.Id.Value, trouble);
        }
        else
        {
            log.DomainSigned(about.Id.Value, signing);
        }

        return signing.Message;
    }

    // RFC 3461 section 6.1: no RET, and NOTIFY may only be NEVER. It keeps the servers on the way from reporting on a report.
    private static Envelope EnvelopeTo(MailPath sender) =>
        new(MailPath.Null, [new EnvelopeRecipient(sender) { Notify = Notify.Never }]) { SmtpUtf8 = sender.RequiresSmtpUtf8 };

    private static void Add(SortedDictionary<ReportKind, List<RecipientProgress>> due, ReportKind kind, RecipientProgress progress)
    {
        if (!due.TryGetValue(kind, out var recipients))
        {
            due[kind] = recipients = [];
        }

        recipients.Add(progress);
    }

    private static string Words(ReportKind kind) => kind switch
    {
        ReportKind.Refused => "refused",
        ReportKind.Expired => "given up",
        ReportKind.Delayed => "still tried",
        ReportKind.Delivered => "delivered",
        ReportKind.Relayed => "passed on",
        ReportKind.NotEncrypted => "not sent, for want of a certificate",
        ReportKind.AwaitingCertificate => "waits for a certificate",
    };
}
