using SmimeGateway.Smtp.Sasl;

namespace SmimeGateway.Smtp.Server;

/// <summary>What the server says of itself: its extensions to EHLO, its commands to HELP.</summary>
internal static class Announcement
{
    /// <summary>The reply to EHLO: what this client may use now.</summary>
    public static SmtpReply Ehlo(SmtpServerOptions options, SmtpSessionIdentity identity)
    {
        List<string> lines =
        [
            options.HostName, "PIPELINING", $"SIZE {options.MaxMessageBytes}", "8BITMIME", "SMTPUTF8", "DSN", "CHUNKING", "ENHANCEDSTATUSCODES",
        ];
        if (options.Tls != SessionOffer.None && identity.Tls is null)
        {
            lines.Add("STARTTLS");
        }

        if (options.Authentication != SessionOffer.None && (options.Tls != SessionOffer.Required || identity.Tls is not null))
        {
            lines.Add("AUTH " + string.Join(' ', ServerMechanisms.Offered(identity)));
        }

        return new SmtpReply(250, null, lines);
    }

    /// <summary>The reply to HELP.</summary>
    public static SmtpReply Help(SmtpServerOptions options)
    {
        var startTls = options.Tls == SessionOffer.None ? string.Empty : " STARTTLS";
        var auth = options.Authentication == SessionOffer.None ? string.Empty : " AUTH";
        return new SmtpReply(
            214,
            new EnhancedStatus(2, 0, 0),
            [$"commands: EHLO HELO MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT{startTls}{auth}", "see RFC 5321 and RFC 3030"]);
    }
}
