using System.Globalization;
using System.Text;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;

namespace SmimeGateway.Reporting;

/// <summary>The part of a report that programs read (RFC 3464 section 2).</summary>
internal static class StatusFields
{
    // Lines of a report stay below the 78 columns of RFC 5322 section 2.1.1; the longest field name is 17 long.
    private const int FoldAt = 76;

    /// <summary>Composes the per-message fields and one group of fields for each recipient.</summary>
    public static string Compose(string hostName, QueuedMessage message, IReadOnlyList<RecipientProgress> failed, DateTimeOffset now)
    {
        var fields = new StringBuilder();
        fields.Append("Reporting-MTA: dns; ").Append(hostName).Append("\r\n");
        fields.Append("Arrival-Date: ").Append(MailDate.Write(message.Accepted)).Append("\r\n");
        foreach (var recipient in failed)
        {
            fields.Append("\r\n");
            AppendFolded(fields, $"Final-Recipient: {AddressOf(recipient.Recipient.Path)}");
            fields.Append("Action: failed\r\n");
            fields.Append(CultureInfo.InvariantCulture, $"Status: {recipient.Status.Status}\r\n");
            if (recipient.Status.RemoteMta is { } remoteMta)
            {
                AppendFolded(fields, $"Remote-MTA: dns; {ReportText.Ascii(remoteMta)}");
            }

            // A sentence of our own is no reply, and the field must not pass it off as one.
            var type = ReportText.IsReply(recipient.Status.Diagnostic) ? "smtp" : "x-smimegateway";
            AppendFolded(fields, $"Diagnostic-Code: {type}; {ReportText.Ascii(recipient.Status.Diagnostic)}");
            fields.Append("Last-Attempt-Date: ").Append(MailDate.Write(now)).Append("\r\n");
        }

        return fields.ToString();
    }

    // RFC 6533 section 3: an address outside ASCII is typed utf-8, and written in escapes where the part is not UTF-8 itself.
    private static string AddressOf(MailPath path)
    {
        if (!path.RequiresSmtpUtf8)
        {
            return $"rfc822; {path.Address}";
        }

        var escaped = new StringBuilder("utf-8; ");
        foreach (var rune in path.Address.EnumerateRunes())
        {
            if (rune.IsAscii && rune.Value is not ('\\' or '+' or '='))
            {
                escaped.Append((char)rune.Value);
            }
            else
            {
                escaped.Append(CultureInfo.InvariantCulture, $@"\x{{{rune.Value:X2}}}");
            }
        }

        return escaped.ToString();
    }

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
