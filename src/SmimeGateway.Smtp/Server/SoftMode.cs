namespace SmimeGateway.Smtp.Server;

/// <summary>
/// Turns refusals that would make mail bounce into ones that make it wait, while a configuration is tried out. The second digit
/// tells them apart (RFC 5321 section 4.2.1): a five is about the mail itself; what is about commands, parameters or logins stays, for
/// no configuration would mend it.
/// </summary>
internal static class SoftMode
{
    private const int ParameterNotRecognized = 555;

    /// <summary>The temporary form of a reply that refuses a sender, a recipient or a message; any other reply as it is.</summary>
    public static SmtpReply Soften(SmtpReply reply)
    {
        if (reply.Code is < 550 or > 559 or ParameterNotRecognized)
        {
            return reply;
        }

        // RFC 5321 section 4.2.3 has these three for mailbox, storage and everything else.
        var code = reply.Code switch
        {
            550 or 551 or 553 => 450,
            552 => 452,
            _ => 451,
        };
        var status = reply.Status is { } permanent ? permanent with { Class = 4 } : new EnhancedStatus(4, 0, 0);
        return new SmtpReply(code, status, [.. reply.Lines, $"soft mode; else {reply.Code}{(reply.Status is { } hard ? $" {hard}" : string.Empty)}"]);
    }
}
