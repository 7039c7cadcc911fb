using SmimeGateway.Queueing;
using SmimeGateway.Smtp;

namespace SmimeGateway.Reporting;

/// <summary>What a sender is told of a recipient (RFC 3461 sections 5.2.2 to 5.2.6).</summary>
internal static class NotifyCheck
{
    /// <summary>The kind of report that is due, or null when none is.</summary>
    /// <param name="progress">What the attempt did for the recipient.</param>
    /// <param name="isDelayDue">True when the message has waited for so long that a delay is told.</param>
    /// <param name="isHeld">True when the message waits for a certificate to encrypt to.</param>
    public static ReportKind? FindDue(RecipientProgress progress, bool isDelayDue, bool isHeld)
    {
        var (notify, status) = (progress.Recipient.Notify, progress.Status);
        var isForCertificate = isHeld && status.Status is { Subject: 7, Detail: 5 };
        return status.Action switch
        {
            DeliveryAction.Failed when isForCertificate && IsWanted(notify, Notify.Failure) => ReportKind.NotEncrypted,
            DeliveryAction.Delayed when isForCertificate && isDelayDue && IsWanted(notify, Notify.Delay) => ReportKind.AwaitingCertificate,

            // Failed with a code of class 4 means that the time ran out; RFC 3463 section 2 has it so.
            DeliveryAction.Failed when IsWanted(notify, Notify.Failure) =>
                status.Status.Class == 4 ? ReportKind.Expired : ReportKind.Refused,
            DeliveryAction.Delayed when isDelayDue && IsWanted(notify, Notify.Delay) => ReportKind.Delayed,

            // Without NOTIFY nobody hears of a success, and a next hop that offers DSN reports itself.
            DeliveryAction.Delivered when notify.HasFlag(Notify.Success) && !status.IsReportedByNextHop =>
                status.RemoteMta is null ? ReportKind.Delivered : ReportKind.Relayed,
            _ => null,
        };
    }

    // Section 4.1: the absence of NOTIFY may be read as FAILURE,DELAY.
    private static bool IsWanted(Notify notify, Notify what) => notify == Notify.None || notify.HasFlag(what);
}
