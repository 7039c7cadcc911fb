using System.Globalization;
using System.Text;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;

namespace SmimeGateway.Reporting.Composing;

/// <summary>The part of a report that programs read (RFC 3464 section 2, RFC 6533 section 4.1).</summary>
internal static class StatusFields
{
    // Lines of a report stay below the 78 columns of RFC 5322 section 2.1.1; the longest field name is 20 long.
    private const int FoldAt = 76;

    /// <summary>
    /// Composes the per-message fields and one group of fields for each recipient; outside ASCII only where the report may hold UTF-8.
    /// </summary>
    public static string Compose(string hostName, ReportOccasion occasion)
    {
        var fields = new StringBuilder();
        if (occasion.Message.Envelope.EnvelopeId is { } envelopeId)
        {
            // Neither this field nor the original recipient is ever folded: both go back exactly as the sender wrote them.
            fields.Append("Original-Envelope-Id: ").Append(ReportText.Ascii(Xtext.Decode(envelopeId))).Append("\r\n");
        }

        fields.Append("Reporting-MTA: dns; ").Append(hostName).Append("\r\n");
        fields.Append("Arrival-Date: ").Append(MailDate.Write(occasion.Message.Accepted)).Append("\r\n");
        fields.Append("X-SmimeGateway-Queue-Id: ").Append(occasion.Message.Id.Value).Append("\r\n");
        foreach (var recipient in occasion.Recipients)
        {
            fields.Append("\r\n");
            AppendRecipient(fields, recipient, occasion);
        }

        return fields.ToString();
    }

    private static void AppendRecipient(StringBuilder fields, RecipientProgress progress, ReportOccasion occasion)
    {
        var (recipient, status) = progress;
        if (recipient.OriginalRecipient is { } original)
        {
            fields.Append("Original-Recipient: ").Append(Cut(TypedAddress.OfOriginal(original, occasion.IsUtf8), occasion)).Append("\r\n");
        }

        AppendFolded(fields, $"Final-Recipient: {Cut(TypedAddress.OfFinal(recipient.Path, occasion.IsUtf8), occasion)}");
        fields.Append("Action: ").Append(Wording.Action(occasion.Kind)).Append("\r\n");
        fields.Append(CultureInfo.InvariantCulture, $"Status: {status.Status}\r\n");
        if (status.RemoteMta is { } remoteMta)
        {
            AppendFolded(fields, $"Remote-MTA: dns; {ReportText.Words(ReportText.Ascii(remoteMta))}");
        }

        if (occasion.Kind != ReportKind.Delivered)
        {
            // A sentence of our own is no reply, and the field must not pass it off as one.
            var type = ReportText.IsReply(status.Diagnostic) ? "smtp" : "x-smimegateway";
            var diagnostic = occasion.IsUtf8 ? ReportText.OneLine(status.Diagnostic) : ReportText.Ascii(status.Diagnostic);
            AppendFolded(fields, $"Diagnostic-Code: {type}; {Cut(ReportText.Words(diagnostic), occasion)}");
        }

        fields.Append("Last-Attempt-Date: ").Append(MailDate.Write(occasion.Now)).Append("\r\n");
        if (occasion.RetryUntil is { } retryUntil)
        {
            fields.Append("Will-Retry-Until: ").Append(MailDate.Write(retryUntil)).Append("\r\n");
        }
    }

    private static string Cut(string text, ReportOccasion occasion) =>
        text.Length <= occasion.MaxTextLength ? text : text[..occasion.MaxTextLength];

    private static void AppendFolded(StringBuilder fields, string field)
    {
        var rest = field.AsSpan();
        while (rest.Length > FoldAt)
        {
            // A fold may only stand where a space is; a word longer than a line is cut by nobody.
            var space = rest[..FoldAt].LastIndexOf(' ');
            if (space <= 1)
            {
                space = rest[FoldAt..].IndexOf(' ') is var next and >= 0 ? FoldAt + next : -1;
            }

            if (space < 0)
            {
                break;
            }

            fields.Append(rest[..space]).Append("\r\n");
            rest = rest[space..];
        }

        fields.Append(rest).Append("\r\n");
    }
}
