using SmimeGateway.Smtp.Server.Commands;

namespace SmimeGateway.Smtp.Server;

/// <summary>The order of commands (RFC 5321 section 4.1.4): which state allows which command, and where its success leads.</summary>
internal static class CommandOrder
{
    /// <summary>The refusal of a command that comes out of order, or null when it may be carried out.</summary>
    public static SmtpReply? Refuse(SessionState state, SmtpVerb verb) => (verb, state) switch
    {
        (SmtpVerb.Mail or SmtpVerb.Rcpt or SmtpVerb.Data or SmtpVerb.Bdat or SmtpVerb.StartTls or SmtpVerb.Auth, SessionState.Connected) => Replies.NeedsHello,
        (SmtpVerb.Mail, SessionState.SenderGiven or SessionState.RecipientGiven or SessionState.Chunking) => Replies.NestedMail,
        (SmtpVerb.Rcpt or SmtpVerb.Data or SmtpVerb.Bdat, SessionState.Greeted) => Replies.NeedsMail,
        (SmtpVerb.Data or SmtpVerb.Bdat, SessionState.SenderGiven) => Replies.NoRecipients,
        (SmtpVerb.Rcpt or SmtpVerb.Data, SessionState.Chunking) => Replies.ChunksBegun,
        (SmtpVerb.StartTls or SmtpVerb.Auth, SessionState.SenderGiven or SessionState.RecipientGiven or SessionState.Chunking) => Replies.InsideTransaction,
        _ => null,
    };

    /// <summary>The state after a command that succeeded; one that failed changes nothing, but for DATA and BDAT.</summary>
    public static SessionState After(SessionState state, SmtpVerb verb) => verb switch
    {
        SmtpVerb.Ehlo or SmtpVerb.Helo => SessionState.Greeted,
        SmtpVerb.Mail => SessionState.SenderGiven,
        SmtpVerb.Rcpt => SessionState.RecipientGiven,
        SmtpVerb.Data => SessionState.Greeted,
        SmtpVerb.Rset => state == SessionState.Connected ? SessionState.Connected : SessionState.Greeted,
        SmtpVerb.Quit => SessionState.Closed,
        _ => state,
    };
}
