using System.Globalization;
using System.Text;

namespace SmimeGateway.Reporting.Composing;

/// <summary>The part of a report that people read: two sentences, then the recipients with the replies, for those who want to know.</summary>
internal static class Notice
{
    // Nobody reads more; programs find all of them in the next part.
    private const int MaxRecipients = 100;

    /// <summary>Composes the text.</summary>
    public static string Compose(string hostName, ReportOccasion occasion)
    {
        var text = new StringBuilder(Wording.Sentences(occasion));
        foreach (var (recipient, status) in occasion.Recipients.Take(MaxRecipients))
        {
            text.Append("\r\n<").Append(ReportText.OneLine(recipient.Path.Address)).Append(">\r\n");
            if (occasion.Kind == ReportKind.Delivered)
            {
                continue;
            }

            text.Append("    ");
            if (status.RemoteMta is { } remoteMta && ReportText.IsReply(status.Diagnostic))
            {
                text.Append(ReportText.OneLine(remoteMta)).Append(" answered: ");
            }

            text.Append(ReportText.Words(ReportText.OneLine(status.Diagnostic))).Append("\r\n");
        }

        if (occasion.Recipients.Count > MaxRecipients)
        {
            text.Append(CultureInfo.InvariantCulture, $"\r\nThe delivery report in this message names {occasion.Recipients.Count - MaxRecipients} more.\r\n");
        }

        return text.Append("\r\nFor the administrator: this was message ").Append(occasion.Message.Id.Value)
            .Append(" of ").Append(hostName).Append(".\r\n").ToString();
    }
}
