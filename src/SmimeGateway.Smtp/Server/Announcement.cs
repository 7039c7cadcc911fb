namespace SmimeGateway.Smtp.Server;

/// <summary>What the server says of itself: its extensions to EHLO, its commands to HELP.</summary>
internal static class Announcement
{
    /// <summary>The reply to EHLO.</summary>
    public static SmtpReply Ehlo(SmtpServerOptions options) => new(
        250,
        null,
        [
            options.HostName, "PIPELINING", $"SIZE {options.MaxMessageBytes}", "8BITMIME", "SMTPUTF8", "DSN", "CHUNKING", "ENHANCEDSTATUSCODES",
        ]);

    /// <summary>The reply to HELP.</summary>
    public static SmtpReply Help() =>
        new(214, new EnhancedStatus(2, 0, 0), ["commands: EHLO HELO MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT", "see RFC 5321 and RFC 3030"]);
}
