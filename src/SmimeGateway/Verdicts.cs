using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Mime;
using SmimeGateway.Protecting;
using SmimeGateway.Protecting.Dkim;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;

namespace SmimeGateway;

/// <summary>
/// Every outcome of the message path with its reply. The text a client hears is short and without secrets; the detail goes to the log.
/// </summary>
internal static class Verdicts
{
    public static Outcome Stored(IReadOnlyList<QueueId> ids)
    {
        var names = string.Join(' ', ids);
        return new Accepted(Reply(250, new EnhancedStatus(2, 0, 0), "queued as " + names), names);
    }

    public static Outcome NotStored(string reason) =>
        new Deferred(Reply(452, new EnhancedStatus(4, 3, 1), "the queue cannot take the message now"), reason);

    public static Outcome TookTooLong(OperationCanceledException late) =>
        late is LookUpLateException
            ? new Deferred(Reply(451, new EnhancedStatus(4, 4, 3), "a look-up took too long"), "the deadline for everything before the reply passed during a look-up")
            : new Deferred(Reply(451, new EnhancedStatus(4, 3, 0), "the message was not ready in time"), "the deadline for everything before the reply passed");

    public static Outcome Failed(Exception exception) =>
        new Deferred(
            Reply(451, new EnhancedStatus(4, 3, 0), "internal error, try again later"),
            $"{exception.GetType().Name}: {exception.Message}");

    public static Outcome Malformed(MimeFault fault) =>
        new Rejected(Reply(554, new EnhancedStatus(5, 6, 0), $"the message exceeds a limit on its structure: {Named(fault)}"), $"{Named(fault)}, at octet {fault.Offset}");

    public static Outcome Looping(string loop) =>
        new Rejected(Reply(554, new EnhancedStatus(5, 4, 6), "mail loop detected"), loop);

    public static Outcome NoRuleAllows(IReadOnlyList<EnvelopeRecipient> recipients) =>
        new Rejected(
            Reply(550, new EnhancedStatus(5, 7, 1), "no rule allows mail to " + Names(recipients)),
            "no rule matched, and otherwise is reject");

    public static Outcome SenderNotGranted(string address) =>
        new Rejected(
            Reply(550, new EnhancedStatus(5, 7, 1), "you may not send as this sender"),
            $"senders does not grant {address} to this client or user");

    public static Outcome SignerMissing(string rule, WhenCertificateMissing whenMissing, string author, IReadOnlyList<EnvelopeRecipient> recipients, string reason, bool isSecond) =>
        whenMissing == WhenCertificateMissing.Defer
            ? new Deferred(Reply(451, new EnhancedStatus(4, 7, 5), $"no certificate {Purpose(isSecond)} yet for {author}, for mail to {Names(recipients)}"), Of(rule, $"{author}: {reason}"))
            : new Rejected(Reply(550, new EnhancedStatus(5, 7, 5), $"no certificate {Purpose(isSecond)} for {author}, for mail to {Names(recipients)}"), Of(rule, $"{author}: {reason}"));

    private static string Purpose(bool isSecond) => isSecond ? "for the second signature" : "to sign with";

    public static Outcome RecipientMissing(string rule, WhenRecipientMissing whenMissing, IReadOnlyList<EnvelopeRecipient> recipients, string reason) =>
        whenMissing == WhenRecipientMissing.Defer
            ? new Deferred(Reply(451, new EnhancedStatus(4, 7, 5), "no certificate yet to encrypt to " + Names(recipients)), Of(rule, reason))
            : new Rejected(Reply(550, new EnhancedStatus(5, 7, 5), "no certificate to encrypt to " + Names(recipients)), Of(rule, reason));

    public static Outcome NotSealed(string reason) =>
        new Deferred(Reply(451, new EnhancedStatus(4, 4, 3), "the message cannot be held now"), "the key for held mail: " + reason);

    public static Outcome NoMemory(long octets) =>
        new Deferred(
            Reply(452, new EnhancedStatus(4, 3, 1), "no memory for the message now"),
            $"{octets} octets for it and all that is made of it were not to be had in time");

    public static Outcome TooManyCopies(int copies, long octets) =>
        new Rejected(
            Reply(552, new EnhancedStatus(5, 3, 4), "too large to encrypt separately for so many recipients"),
            $"{copies} messages of {octets} octets took too long to make");

    public static Outcome AuthorUnreadable(AuthorTrouble trouble) =>
        new Rejected(
            Reply(550, new EnhancedStatus(5, 6, 0), $"{trouble.Words}: write it as \"Name\" <name@example.com>"),
            $"programs would find different authors, or none: {trouble}");

    // Waiting would not help, so a rule that defers for want of a certificate does not defer this.
    public static Outcome AuthorDoubted(AuthorTrouble trouble) =>
        new Rejected(
            Reply(550, new EnhancedStatus(5, 7, 5), $"the message cannot be signed: {trouble.Words}"),
            $"not everybody would see the author alone for whom it is signed: {trouble}");

    public static Outcome SealedAuthor(string address) =>
        new Rejected(
            Reply(550, new EnhancedStatus(5, 7, 5), "what is encrypted already, or inside too many layers, cannot be signed with a certificate for others"),
            $"the author inside cannot be seen, and the certificate is also for {address}, which senders does not grant to this client or user");

    public static Outcome SourceUnreachable(string rule, string reason) =>
        new Deferred(Reply(451, new EnhancedStatus(4, 4, 3), "a source of certificates cannot be asked now"), Of(rule, reason));

    public static Outcome DomainNotSigned(DomainSigning signing) => signing.LacksKey
        ? new Deferred(Reply(451, new EnhancedStatus(4, 4, 3), "a key to sign with cannot be read now"), signing.Trouble!)
        : new Deferred(Reply(451, new EnhancedStatus(4, 3, 0), "internal error, try again later"), signing.Trouble!);

    public static Outcome NotProtected(ProtectionOutcome outcome) =>
        outcome.IsPermanent
            ? new Rejected(
                Reply(554, new EnhancedStatus(5, 6, 0), "the message cannot be protected as it is" + (outcome.PublicReason is { } why ? ": " + why : string.Empty)),
                outcome.Fault!)
            : new Deferred(Reply(451, new EnhancedStatus(4, 3, 0), "internal error, try again later"), outcome.Fault!);

    private static string Of(string rule, string reason) => $"rule \"{rule}\": {reason}";

    private static string Named(MimeFault fault) =>
        fault.Limit == nameof(MimeLimits.MaxHeaderFields) ? fault.Reason + " (limits.headerFields)" : fault.Reason;

    private static SmtpReply Reply(int code, EnhancedStatus status, string text) => SmtpReply.OneLine(code, status, text);

    // A reply line holds 512 octets (RFC 5321 section 4.5.3.1.5), so a long list of recipients is named only in part.
    private static string Names(IReadOnlyList<EnvelopeRecipient> recipients)
    {
        const int Named = 3;
        var names = string.Join(", ", recipients.Take(Named).Select(recipient => recipient.Path));
        return recipients.Count > Named ? $"{names} and {recipients.Count - Named} more" : names;
    }
}
