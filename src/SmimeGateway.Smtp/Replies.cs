namespace SmimeGateway.Smtp;

/// <summary>The replies whose text does not depend on the client. Each that never changes is encoded once.</summary>
public static class Replies
{
    /// <summary>The client is not among those a listener serves.</summary>
    public static SmtpReply ClientNotAllowed { get; } = Reply(550, 5, 7, 1, "client not allowed");

    /// <summary>No route leads to the recipient.</summary>
    public static SmtpReply NoRoute { get; } = Reply(550, 5, 1, 2, "no route to this recipient");

    /// <summary>Something broke on our side.</summary>
    public static SmtpReply InternalError { get; } = Reply(451, 4, 3, 0, "internal error, try again later");

    /// <summary>The server is about to stop.</summary>
    public static SmtpReply ShuttingDown { get; } = Reply(421, 4, 3, 2, "shutting down, try again later");

    /// <summary>Said instead of a greeting when a connection limit is reached.</summary>
    public static SmtpReply TooManyConnections { get; } = Reply(421, 4, 7, 0, "too many connections, try again later");

    /// <summary>The client made too many errors.</summary>
    public static SmtpReply TooManyErrors { get; } = Reply(421, 4, 7, 0, "too many errors");

    /// <summary>The client took too long.</summary>
    public static SmtpReply TimedOut { get; } = Reply(421, 4, 4, 2, "timeout, closing connection");

    /// <summary>The client sends a message too slowly.</summary>
    public static SmtpReply TooSlow { get; } = Reply(421, 4, 4, 2, "the message comes in too slowly, closing connection");

    /// <summary>The announced or the real size exceeds the limit.</summary>
    public static SmtpReply MessageTooBig { get; } = Reply(552, 5, 3, 4, "message too big");

    /// <summary>No further recipient in this transaction.</summary>
    public static SmtpReply TooManyRecipients { get; } = Reply(452, 4, 5, 3, "too many recipients in one transaction");

    /// <summary>A carriage return or line feed stands alone, so that servers could disagree on where the message ends.</summary>
    public static SmtpReply BareLineEnd { get; } = Reply(554, 5, 6, 11, "lines must end with CR LF, and CR or LF may not stand alone");

    /// <summary>A NUL octet in the message.</summary>
    public static SmtpReply NulOctet { get; } = Reply(554, 5, 6, 11, "the message holds a NUL octet");

    /// <summary>The queue's disk is nearly full, or has failed.</summary>
    public static SmtpReply NoRoom { get; } = Reply(452, 4, 3, 1, "no room for a message now, try again later");

    /// <summary>A client that would be served if it logged in (RFC 4954 section 6).</summary>
    public static SmtpReply LoginNeeded { get; } = Reply(530, 5, 7, 0, "authentication required");

    /// <summary>Too many logins from this address failed.</summary>
    public static SmtpReply TooManyLogins { get; } = Reply(454, 4, 7, 0, "too many failed logins, try again later");

    internal static SmtpReply Ok { get; } = Reply(250, 2, 0, 0, "ok");

    internal static SmtpReply SenderOk { get; } = Reply(250, 2, 1, 0, "sender ok");

    internal static SmtpReply RecipientOk { get; } = Reply(250, 2, 1, 5, "recipient ok");

    internal static SmtpReply StartInput { get; } = SmtpReply.OneLine(354, null, "end data with <CR><LF>.<CR><LF>");

    internal static SmtpReply Goodbye { get; } = Reply(221, 2, 0, 0, "goodbye");

    internal static SmtpReply CannotVerify { get; } = Reply(252, 2, 5, 2, "cannot verify, but will accept mail and attempt delivery");

    internal static SmtpReply CommandTooLong { get; } = Reply(500, 5, 5, 2, "command line too long");

    internal static SmtpReply MalformedLine { get; } = Reply(500, 5, 5, 2, "command lines are text that ends with CR LF");

    internal static SmtpReply UnknownCommand { get; } = Reply(500, 5, 5, 1, "command not recognized");

    internal static SmtpReply NotOffered { get; } = Reply(502, 5, 5, 1, "command not offered");

    internal static SmtpReply NameMissing { get; } = SmtpReply.OneLine(501, null, "say your name: a domain or an address literal");

    internal static SmtpReply NoArgument { get; } = Reply(501, 5, 5, 4, "this command takes no argument");

    internal static SmtpReply ArgumentMissing { get; } = Reply(501, 5, 5, 4, "this command needs an argument");

    internal static SmtpReply MailSyntax { get; } = Reply(501, 5, 5, 4, "syntax: MAIL FROM:<address> [parameters]");

    internal static SmtpReply RcptSyntax { get; } = Reply(501, 5, 5, 4, "syntax: RCPT TO:<address> [parameters]");

    internal static SmtpReply SenderSyntax { get; } = Reply(501, 5, 1, 7, "malformed sender address");

    internal static SmtpReply RecipientSyntax { get; } = Reply(501, 5, 1, 3, "malformed recipient address");

    /// <summary>A sender whose address servers read in different ways.</summary>
    public static SmtpReply AmbiguousSender { get; } = Reply(553, 5, 1, 7, "nobody can tell whose sender address this is");

    /// <summary>A recipient whose address servers read in different ways.</summary>
    public static SmtpReply AmbiguousRecipient { get; } = Reply(553, 5, 1, 3, "nobody can tell whose recipient address this is");

    internal static SmtpReply NeedsSmtpUtf8 { get; } = Reply(553, 5, 6, 7, "an address outside ASCII needs SMTPUTF8");

    internal static SmtpReply ParameterSyntax { get; } = Reply(501, 5, 5, 4, "malformed parameter");

    internal static SmtpReply UnknownParameter { get; } = Reply(555, 5, 5, 4, "parameter not recognized");

    internal static SmtpReply NeedsHello { get; } = Reply(503, 5, 5, 1, "say EHLO or HELO first");

    internal static SmtpReply NestedMail { get; } = Reply(503, 5, 5, 1, "a sender is already given");

    internal static SmtpReply NeedsMail { get; } = Reply(503, 5, 5, 1, "say MAIL first");

    internal static SmtpReply ChunksBegun { get; } = Reply(503, 5, 5, 1, "only BDAT or RSET may follow BDAT");

    internal static SmtpReply ChunkTaken { get; } = Reply(250, 2, 0, 0, "chunk taken");

    internal static SmtpReply ChunkSyntax { get; } = Reply(501, 5, 5, 4, "syntax: BDAT octets [LAST]");

    internal static SmtpReply InsideTransaction { get; } = Reply(503, 5, 5, 1, "not inside a transaction");

    internal static SmtpReply ReadyForTls { get; } = Reply(220, 2, 0, 0, "ready for TLS");

    internal static SmtpReply TlsRequired { get; } = Reply(530, 5, 7, 0, "say STARTTLS first");

    internal static SmtpReply TlsUnavailable { get; } = Reply(454, 4, 7, 0, "TLS not available now");

    internal static SmtpReply AlreadySecure { get; } = Reply(503, 5, 5, 1, "TLS is in use already");

    internal static SmtpReply AuthenticationRequired { get; } = Reply(530, 5, 7, 0, "authentication required");

    internal static SmtpReply AlreadyLoggedIn { get; } = Reply(503, 5, 5, 1, "already authenticated");

    // Stands for an exchange that is still to be held, and is never sent.
    internal static SmtpReply LoginBegins { get; } = SmtpReply.OneLine(334, null, string.Empty);

    internal static SmtpReply LoggedIn { get; } = Reply(235, 2, 7, 0, "authentication succeeded");

    internal static SmtpReply LoginRefused { get; } = Reply(535, 5, 7, 8, "authentication failed");

    internal static SmtpReply LoginUnavailable { get; } = Reply(454, 4, 7, 0, "authentication not available now, try again later");

    internal static SmtpReply LoginCancelled { get; } = Reply(501, 5, 7, 0, "authentication cancelled");

    internal static SmtpReply MalformedLogin { get; } = Reply(501, 5, 5, 2, "malformed authentication response");

    internal static SmtpReply BadBase64 { get; } = Reply(501, 5, 5, 2, "cannot decode base64");

    internal static SmtpReply LoginTooLong { get; } = Reply(500, 5, 5, 6, "authentication line too long");

    internal static SmtpReply MechanismUnknown { get; } = Reply(504, 5, 5, 4, "authentication mechanism not offered");

    internal static SmtpReply NoRecipients { get; } = Reply(554, 5, 5, 1, "no valid recipients");

    /// <summary>A line of the message beyond <see cref="SmtpServerOptions.MaxLineBytes"/>.</summary>
    internal static SmtpReply TextLineTooLong(SmtpServerOptions options) => Reply(
        554, 5, 6, 11, $"the message has a line of more than {options.MaxLineBytes} octets" + (options.LineLimitName is { } name ? $" ({name})" : string.Empty));

    private static SmtpReply Reply(int code, int category, int subject, int detail, string text) =>
        SmtpReply.OneLine(code, new EnhancedStatus(category, subject, detail), text);
}
