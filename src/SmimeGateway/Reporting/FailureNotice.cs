using System.Text;
using SmimeGateway.Queueing;

namespace SmimeGateway.Reporting;

/// <summary>The part of a report that people read: what happened and what to do, then the replies for those who want to know.</summary>
internal static class FailureNotice
{
    /// <summary>Composes the text.</summary>
    public static string Compose(string hostName, QueuedMessage message, IReadOnlyList<RecipientProgress> failed, DateTimeOffset now)
    {
        // Failed with a code of class 4 means that the time ran out; RFC 3463 section 2 has it so.
        var ranOutOfTime = failed.All(recipient => recipient.Status.Status.Class == 4);
        var text = new StringBuilder();
        text.Append(ranOutOfTime
            ? $"Your message could not be delivered to the recipients below, although {hostName} kept trying for {Length(now - message.Accepted)}.\r\n"
              + "Please send it again later, or reach the recipients in another way.\r\n"
            : "Your message was refused for the recipients below and will not be tried again.\r\n"
              + "Please check the addresses and the reasons given, and send it again once they are mended.\r\n");
        foreach (var recipient in failed)
        {
            text.Append("\r\n<").Append(recipient.Recipient.Path.Address).Append(">\r\n    ");
            if (recipient.Status.RemoteMta is { } remoteMta && ReportText.IsReply(recipient.Status.Diagnostic))
            {
                text.Append(remoteMta).Append(" answered: ");
            }

            text.Append(ReportText.OneLine(recipient.Status.Diagnostic)).Append("\r\n");
        }

        return text.ToString();
    }

    private static string Length(TimeSpan span) => span switch
    {
        { TotalDays: >= 2 } => $"{span.TotalDays:0} days",
        { TotalHours: >= 2 } => $"{span.TotalHours:0} hours",
        _ => $"{Math.Max(1, span.TotalMinutes):0} minutes",
    };
}
