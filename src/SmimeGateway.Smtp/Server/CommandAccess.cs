using SmimeGateway.Smtp.Server.Commands;

namespace SmimeGateway.Smtp.Server;

/// <summary>Which commands a session knows at all, and which wait for TLS or for a login.</summary>
internal static class CommandAccess
{
    /// <summary>The refusal of a command, or null.</summary>
    public static SmtpReply? Refuse(SmtpServerOptions options, SmtpSessionIdentity identity, SmtpVerb verb)
    {
        if ((verb == SmtpVerb.StartTls && options.Tls == SessionOffer.None) || (verb == SmtpVerb.Auth && options.Authentication == SessionOffer.None))
        {
            return Replies.NotOffered;
        }

        // The list of RFC 3207 section 4. What is no command stays that, whatever protects the connection.
        if (options.Tls == SessionOffer.Required && identity.Tls is null
            && verb is not (SmtpVerb.Ehlo or SmtpVerb.Noop or SmtpVerb.StartTls or SmtpVerb.Quit or SmtpVerb.Unknown or SmtpVerb.NotOffered))
        {
            return Replies.TlsRequired;
        }

        return options.Authentication == SessionOffer.Required && identity.User is null
            && verb is SmtpVerb.Mail or SmtpVerb.Rcpt or SmtpVerb.Data or SmtpVerb.Bdat or SmtpVerb.Vrfy
            ? Replies.AuthenticationRequired
            : null;
    }
}
