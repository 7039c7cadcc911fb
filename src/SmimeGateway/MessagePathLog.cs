using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using SmimeGateway.Accepting;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Protecting;
using SmimeGateway.Protecting.Tnef;
using SmimeGateway.Queueing;
using SmimeGateway.Settings;
using SmimeGateway.Smtp;

namespace SmimeGateway;

/// <summary>
/// The story of a message up to its reply: one line per decision at debug level, each beginning with the session id, and one line with
/// the end of it at information level.
/// </summary>
internal static partial class MessagePathLog
{
    // Recipients times authors times rules can be any number.
    private const int MaxExplained = 10 * BoundedLog.MaxLines;

    public static void Decided(
        this BoundedLog log, InboundMessage message, RuleBook rules, MessageFacts facts, ArrivedProtection arrived, IReadOnlyList<RecipientGroup> groups)
    {
        // Why the other rules did not match is asked rule by rule, so only when somebody wants to read it.
        if (!log.IsEnabled(LogLevel.Debug))
        {
            return;
        }

        var session = message.Session.SessionId;
        log.Envelope(
            session,
            message.Envelope.ReversePath.ToString(),
            ShortList.Of(message.Envelope.Recipients.Select(recipient => recipient.Path)),
            message.Content.Length,
            ShortList.Of(facts.ForEachSender().Select(one => one.Sender)),
            arrived);
        var budget = MaxExplained;
        foreach (var group in groups)
        {
            foreach (var recipient in group.Recipients)
            {
                log.TellMisses(session, rules, facts, recipient, ref budget);
            }

            log.GroupDecided(session, ShortList.Of(group.Recipients.Select(recipient => recipient.Path)), group.Decision.RuleName, WordOf(group.Decision.Action));
        }
    }

    private static void TellMisses(
        this BoundedLog log, string session, RuleBook rules, MessageFacts facts, EnvelopeRecipient recipient, ref int budget)
    {
        var path = recipient.Path.ToString();
        foreach (var (rule, mismatch) in facts.ForEachSender().SelectMany(one => rules.Explain(one, recipient.Path)))
        {
            if (log.IsFull || --budget < 0)
            {
                log.Omit();
                return;
            }

            if (mismatch != RuleMismatch.None && log.IsEnabled(LogLevel.Debug))
            {
                log.RuleMissed(session, path, rule.Name, mismatch.Words());
            }
        }
    }

    public static void Located(this ILogger log, string session, CredentialSearch search)
    {
        if (log.IsEnabled(LogLevel.Debug))
        {
            foreach (var remark in search.Remarks)
            {
                log.CertificateRefused(session, remark);
            }
        }

        if (search.Found is { } found)
        {
            foreach (var signing in found.All)
            {
                log.CertificateChosen(session, signing.Traits.Subject, signing.Traits.SerialNumber, signing.Traits.KeyAlgorithm, signing.Source);
            }
        }
    }

    public static void Lacked(this ILogger log, string session, IReadOnlyList<Lack> lacks)
    {
        foreach (var lack in lacks)
        {
            log.Lacked(session, lack.Rule, lack.What, ConsequenceOf(lack.Then), lack.Reason);
        }
    }

    public static void Located(this ILogger log, string session, IReadOnlyList<LocatedRecipient> located)
    {
        if (!log.IsEnabled(LogLevel.Debug))
        {
            return;
        }

        foreach (var recipient in located)
        {
            foreach (var remark in recipient.Remarks)
            {
                log.PartnerRefused(session, recipient.Address, remark);
            }

            foreach (var certificate in recipient.Certificates)
            {
                log.PartnerChosen(
                    session, recipient.Address, certificate.Traits.Subject, certificate.Traits.SerialNumber, certificate.Traits.KeyAlgorithm, certificate.Source,
                    recipient.Announced is { } announced ? string.Join(", ", announced) : "nothing known");
            }
        }
    }

    public static void Planned(this ILogger log, string session, EncryptTerms terms, IReadOnlyList<EncryptionGroup> groups)
    {
        if (!log.IsEnabled(LogLevel.Debug))
        {
            return;
        }

        foreach (var group in groups)
        {
            log.GroupPlanned(
                session,
                ShortList.Of(group.Recipients.Select(located => located.Address)),
                group.IsBlind ? "blind" : "visible",
                group.Keys.Count,
                group.Author is not null ? " (one for the author)" : group.LeavesAuthorOut ? " (none for the author, whose kind of key their programs may not know)" : string.Empty,
                ConfiguredName.Of(group.Cipher),
                group.Reason,
                ConfiguredName.Of(terms.KeyTransport));
        }
    }

    public static void Converted(this ILogger log, string session, TnefConversion conversion)
    {
        foreach (var line in conversion.Story)
        {
            if (conversion.Message is null)
            {
                log.TnefKept(session, line);
            }
            else
            {
                log.TnefConverted(session, line);
            }
        }
    }

    public static void Protected(this ILogger log, string session, SignOptions sign, Credentials credentials, ProtectionOutcome outcome)
    {
        if (outcome.OpaqueBecause is { } reason)
        {
            log.SignedOpaque(session, reason);
        }

        if (outcome.Fault is null && !outcome.SignedContent.IsEmpty && log.IsEnabled(LogLevel.Debug))
        {
            var form = outcome.OpaqueBecause is null ? sign.Form : SignatureForm.Opaque;
            log.Signed(
                session, ConfiguredName.Of(form), credentials.Signer.MicAlg, credentials.Signer.AlgorithmNames, Digest(outcome.SignedContent), outcome.Messages[0].Length);
        }
    }

    /// <summary>All that an administrator asks about a message later, on one line with its queue id: who, how much, by which rule, signed with what.</summary>
    public static void Stored(
        this ILogger log, InboundMessage message, IReadOnlyList<QueueId> ids, IReadOnlyList<PreparedMessage> stored)
    {
        if (!log.IsEnabled(LogLevel.Information))
        {
            return;
        }

        var session = message.Session;
        var client = session.User is null ? session.Client.ToString() : $"{session.Client} as {session.User}";
        for (var i = 0; i < ids.Count; i++)
        {
            var ready = stored[i].Message;
            var protection = ready.SignerSerial is { } serial ? $"{ready.Protection.Words()} with serial {serial}" : ready.Protection.Words();
            protection = stored[i].Kept is { } kept ? $"{protection}, as it arrived: {kept}" : protection;
            protection = ready.SigningDomains is { } domains ? $"{protection}, DKIM of {string.Join(", ", domains)}" : protection;
            log.MessageAccepted(
                session.SessionId, ids[i], message.Envelope.ReversePath, client, ready.Length, ready.Envelope.Recipients.Count,
                stored[i].RuleName, protection);
        }
    }

    public static void Ended(this ILogger log, InboundMessage message, Outcome outcome)
    {
        var session = message.Session.SessionId;
        switch (outcome)
        {
            case Accepted:
                // Told when it was stored, once for each queue id.
                break;
            case Deferred:
                log.MessageDeferred(
                    session, message.Session.Client, message.Envelope.ReversePath, message.Envelope.Recipients.Count, message.Content.Length, outcome.Reply, outcome.Detail);
                break;
            default:
                log.MessageRejected(
                    session, message.Session.Client, message.Envelope.ReversePath, message.Envelope.Recipients.Count, message.Content.Length, outcome.Reply, outcome.Detail);
                break;
        }
    }

    private static string WordOf(DecisionAction action) => action switch
    {
        DecisionAction.Pass => "passes it unchanged",
        DecisionAction.Protect => "protects it",
        DecisionAction.Reject => "refuses it",
    };

    private static string ConsequenceOf(string whenMissing) => whenMissing switch
    {
        nameof(WhenRecipientMissing.Pass) => "it leaves without",
        nameof(WhenRecipientMissing.Reject) => "it is refused",
        nameof(WhenRecipientMissing.Bounce) => "it does not reach them, and the sender gets a report",
        nameof(WhenRecipientMissing.Defer) => "it is deferred",
        nameof(WhenRecipientMissing.Hold) => "it is held",
        _ => whenMissing,
    };

    // Lets an administrator compare what was signed with what arrived, without either being in the log.
    private static string Digest(ReadOnlySequence<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var piece in content)
        {
            hash.AppendData(piece.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Session} broke on an unexpected error")]
    public static partial void Broke(this ILogger log, Exception exception, string session);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Session} message from {ReversePath} to {Recipients}, {Octets} octets, rule sender {Sender}, arrived {Arrived}")]
    private static partial void Envelope(
        this ILogger log, string session, string reversePath, string recipients, int octets, string sender, ArrivedProtection arrived);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Session} {Recipient}: rule \"{Rule}\" does not apply: {Mismatch}")]
    private static partial void RuleMissed(this ILogger log, string session, string recipient, string rule, string mismatch);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Session} {Recipients}: rule \"{Rule}\" {Action}")]
    private static partial void GroupDecided(this ILogger log, string session, string recipients, string rule, string action);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Session} certificate not used: {Remark}")]
    private static partial void CertificateRefused(this ILogger log, string session, string remark);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Session} signs with {Subject}, serial {Serial}, {KeyAlgorithm}, from {Source}")]
    private static partial void CertificateChosen(this ILogger log, string session, string subject, string serial, string keyAlgorithm, string source);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Session} rule \"{Rule}\" {Lack}, so {Consequence}: {Reason}")]
    private static partial void Lacked(this ILogger log, string session, string rule, string lack, string consequence, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Session} {Address}: certificate not used: {Remark}")]
    private static partial void PartnerRefused(this ILogger log, string session, string address, string remark);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Session} {Address}: encrypts to {Subject}, serial {Serial}, {KeyAlgorithm}, from {Source}; announced: {Announced}")]
    private static partial void PartnerChosen(
        this ILogger log, string session, string address, string subject, string serial, string keyAlgorithm, string source, string announced);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Session} one message for {Recipients}, {Visibility}, to {Keys} certificate(s){Author}: {Cipher}, as {Reason}; {KeyTransport} for RSA keys")]
    private static partial void GroupPlanned(
        this ILogger log, string session, string recipients, string visibility, int keys, string author, string cipher, string reason, string keyTransport);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Session} {Conversion}")]
    private static partial void TnefConverted(this ILogger log, string session, string conversion);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Session} its TNEF is not converted and stays as it is: {Reason}")]
    private static partial void TnefKept(this ILogger log, string session, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Session} signed opaque and not clear, as the content would not arrive unchanged: {Reason}")]
    private static partial void SignedOpaque(this ILogger log, string session, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Session} signed {Form}, {MicAlg}, {Algorithms}, content with SHA-256 {Digest}: {Octets} octets, read back and verified")]
    private static partial void Signed(
        this ILogger log, string session, string form, string micAlg, string algorithms, string digest, int octets);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Session} accepted as {QueueId}: from {ReversePath}, client {Client}, {Octets} octets for {Recipients} recipient(s), rule \"{Rule}\", {Protection}")]
    private static partial void MessageAccepted(
        this ILogger log, string session, QueueId queueId, MailPath reversePath, string client, int octets, int recipients, string rule, string protection);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Session} {Client} message from {ReversePath} to {Recipients} recipients, {Octets} octets, put off {Reply}: {Detail}")]
    private static partial void MessageDeferred(
        this ILogger log, string session, IPEndPoint client, MailPath reversePath, int recipients, int octets, SmtpReply reply, string detail);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Session} {Client} message from {ReversePath} to {Recipients} recipients, {Octets} octets, refused {Reply}: {Detail}")]
    private static partial void MessageRejected(
        this ILogger log, string session, IPEndPoint client, MailPath reversePath, int recipients, int octets, SmtpReply reply, string detail);
}
