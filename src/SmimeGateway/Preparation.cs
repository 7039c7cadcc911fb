using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using SmimeGateway.Accepting;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Mime;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Smtp;

namespace SmimeGateway;

/// <summary>
/// Stages 2 to 5: makes of an accepted message the messages that may leave, or says why there are none. The message path does it before
/// the 250, and again for messages that were held when a certificate has appeared.
/// </summary>
/// <param name="protector">Stage 5.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Hears the story of each message.</param>
/// <param name="queue">Where versions are laid down that are too many for memory; null to have them all there.</param>
internal sealed class Preparation(Protector protector, TimeProvider time, ILogger log, IMessageQueue? queue = null)
{
    // What a client waits for a reply is ten minutes (RFC 5321 section 4.5.3.2.6), and some wait for half of that.
    private static readonly TimeSpan LongestCopying = TimeSpan.FromMinutes(4);

    /// <summary>Prepares a message.</summary>
    /// <param name="message">The message, for recipients that all want an answer.</param>
    /// <param name="configuration">The configuration it is prepared by.</param>
    /// <param name="kind">Whether it has just arrived or was held.</param>
    /// <param name="cancellationToken">Bounds the look-ups.</param>
    public async ValueTask<Prepared> PrepareAsync(
        InboundMessage message, RunningConfiguration configuration, PreparationKind kind, CancellationToken cancellationToken)
    {
        var story = new BoundedLog(log, message.Session.SessionId);
        try
        {
            return await PrepareAsync(message, configuration, kind, story, cancellationToken);
        }
        finally
        {
            story.End();
        }
    }

    private async ValueTask<Prepared> PrepareAsync(
        InboundMessage message, RunningConfiguration configuration, PreparationKind kind, BoundedLog story, CancellationToken cancellationToken)
    {
        if (!Entity.TryParse(message.Content, configuration.LimitsAt(message.Session.ListenerName), out var entity, out var fault))
        {
            return Prepared.RefusedFor(message, Verdicts.Malformed(fault));
        }

        if (kind == PreparationKind.Fresh && LoopCheck.FindLoop(entity.Header, configuration.Options.HostName) is { } loop)
        {
            return Prepared.RefusedFor(message, Verdicts.Looping(loop));
        }

        // 2 Deciding: one decision per recipient; recipients whose decisions ask for the same stay one message.
        var authorship = Authorship.Read(message.Envelope.ReversePath, entity);
        var facts = MessageFacts.Of(
            authorship, configuration.Grants, message.Session.ListenerName, message.Session.Client.Address, message.Session.User, entity);
        var arrived = ArrivedProtection.Of(entity);
        var groups = RecipientGroup.Form(configuration.Rules, facts, message.Envelope.Recipients, arrived);
        story.Decided(message, configuration.Rules, facts, arrived, groups);
        var refused = new List<Refusal>();
        foreach (var rejected in groups.Where(group => group.Decision.Action == DecisionAction.Reject))
        {
            refused.Add(new Refusal(rejected.Recipients, Verdicts.NoRuleAllows(rejected.Recipients)));
        }

        groups = [.. groups.Where(group => group.Decision.Action != DecisionAction.Reject)];
        if (groups.Count == 0 || (refused.Count > 0 && kind == PreparationKind.Fresh))
        {
            return new Prepared([], []) { Refused = refused };
        }

        // A bounce names nobody in its envelope and may carry any postmaster's From, so it needs no grant, unless it would be protected.
        var grants = configuration.Grants;
        var isProtected = groups.Any(group => group.Decision.Action == DecisionAction.Protect);
        if (isProtected || authorship.HasHiddenLine || !authorship.IsBounce(path => grants.IsOurs(path, facts.Client, facts.User)))
        {
            if (authorship.Unreadable is { } why && (authorship.HasHiddenLine || !grants.CoverEverything(facts.Client, facts.User)))
            {
                return Prepared.RefusedFor(message, Verdicts.AuthorUnreadable(why));
            }

            if (grants.FindUngranted(authorship, facts.Client, facts.User) is { } ungranted)
            {
                return Prepared.RefusedFor(message, Verdicts.SenderNotGranted(ungranted));
            }
        }

        // 3 Locating and 5 Protecting for each group. 4 Opening is for mail that comes in from partners; none is opened yet.
        var doubt = groups.Any(group => group.Decision.SignsInside || group.Decision.SignsOutside)
            ? authorship.FindDoubt(path => grants.Covers(path, facts.Client, facts.User))
            : null;
        var work = new PreparationWork(message, entity, authorship, doubt, configuration, kind, story) { Queue = queue, Time = time };
        try
        {
            foreach (var group in groups)
            {
                if (await ProtectAsync(work, group, cancellationToken) is { } refusal)
                {
                    refused.Add(new Refusal(group.Recipients, refusal));
                    if (kind == PreparationKind.Fresh)
                    {
                        // The reply speaks for all recipients, so nothing of the rest would be used.
                        work.Discard(isAll: true);
                        return new Prepared([], []) { Refused = refused };
                    }
                }
            }
        }
        catch
        {
            work.Discard(isAll: true);
            throw;
        }

        work.Discard(isAll: false);

        // All of them lack a certificate, and none wants a report of it: the reply is the only answer left.
        return work is { Ready.Count: 0, StillHeld.Count: 0 } && refused.Count == 0
            ? Prepared.RefusedFor(message, Verdicts.RecipientMissing(groups[0].Decision.RuleName, WhenRecipientMissing.Bounce, message.Envelope.Recipients, "no recipient wants a report"))
            : new Prepared(work.Ready, work.StillHeld) { Refused = refused, Existing = arrived.Claimed, Lacks = work.Lacks };
    }

    private async ValueTask<Outcome?> ProtectAsync(PreparationWork work, RecipientGroup group, CancellationToken cancellationToken)
    {
        var decision = group.Decision;
        if (work.Kind == PreparationKind.Held && decision.Encrypt is null)
        {
            // It was accepted to be encrypted. Whatever the rules say by now, it does not leave in plain text.
            return work.KeepFromPlain(group.Recipients, $"the rule in force (\"{decision.RuleName}\") would not encrypt it");
        }

        if (decision.Action == DecisionAction.Pass)
        {
            return await work.PassAsync(decision, Protector.PassUnchanged(work.EnvelopeFor(group.Recipients), work.Message.Content), cancellationToken);
        }

        if (decision.ConvertsTnef)
        {
            (work, var tooLarge) = await work.ConvertTnefAsync(time, cancellationToken);
            if (tooLarge is not null)
            {
                return tooLarge;
            }
        }

        Credentials? credentials = null;
        if (decision.SignsInside || decision.SignsOutside)
        {
            (credentials, var refusal) = await FindSignerAsync(work, group, decision.Sign!, cancellationToken);
            if (refusal is not null)
            {
                return refusal;
            }
        }

        if (credentials is null && decision.Encrypt is null)
        {
            return await work.PassAsync(decision, Protector.PassUnsigned(work.EnvelopeFor(group.Recipients), work.Message.Content), cancellationToken);
        }

        if (await work.MakeRoomAsync(decision, credentials, copies: 1, cancellationToken) is { } crowded)
        {
            return crowded;
        }

        return decision.Encrypt is { } terms
            ? await EncryptAsync(work, group, terms, credentials, cancellationToken)
            : Sign(work, decision, group.Recipients, credentials!);
    }

    private static async ValueTask<(Credentials? Found, Outcome? Refusal)> FindSignerAsync(
        PreparationWork work, RecipientGroup group, SignOptions sign, CancellationToken cancellationToken)
    {
        var rule = group.Decision.RuleName;
        var mayPass = sign.WhenMissing == WhenCertificateMissing.Pass;
        if (work.Doubt is { } doubt)
        {
            return mayPass ? Pass("cannot sign", doubt.ToString())
                : (null, work.Authorship.Unreadable is null ? Verdicts.AuthorDoubted(doubt) : Verdicts.AuthorUnreadable(doubt));
        }

        var search = await LookUp.AskAsync(
            token => work.Configuration.Locator.FindSignerAsync(sign, work.Authorship.Signatory!, work.Client, token), cancellationToken);
        work.Log.Located(work.Session, search);
        if (search is { Found: not null, IsUnreachable: false, LacksSecond: true } && mayPass)
        {
            work.Lacks.Add(new Lack(rule, "finds no certificate for the second signature", nameof(WhenCertificateMissing.Pass), search.Reason));
        }

        return search.IsUnreachable ? (null, Verdicts.SourceUnreachable(rule, search.Reason))
            : search.Found is { } found && (mayPass || !search.LacksSecond) ? (found, work.RefuseSealed(found))
            : mayPass ? Pass("finds no certificate to sign with", search.Reason)
            : (null, Verdicts.SignerMissing(rule, sign.WhenMissing, work.Authorship.Signatory!, group.Recipients, search.Reason, search.LacksSecond));

        (Credentials?, Outcome?) Pass(string what, string reason)
        {
            work.Lacks.Add(new Lack(rule, what, nameof(WhenCertificateMissing.Pass), reason));
            return (null, null);
        }
    }

    private Outcome? Sign(PreparationWork work, Decision decision, IReadOnlyList<EnvelopeRecipient> recipients, Credentials credentials)
    {
        var outcome = protector.Sign(work.EnvelopeFor(recipients), work.Entity, decision, credentials);
        work.Log.Protected(work.Session, decision.Sign!, credentials, outcome);
        if (outcome.Fault is not null)
        {
            return Verdicts.NotProtected(outcome);
        }

        return work.Add(decision, [.. outcome.Messages]);
    }

    private async ValueTask<Outcome?> EncryptAsync(
        PreparationWork work, RecipientGroup group, EncryptTerms terms, Credentials? credentials, CancellationToken cancellationToken)
    {
        var located = await LookUp.AskAsync(
            token => work.Configuration.PartnerLocator.FindAsync(terms, group.Recipients, token), cancellationToken);
        work.Log.Located(work.Session, located);
        var missing = located.Where(recipient => recipient.IsMissing).ToList();
        if (missing.Count > 0 && await HandleMissingAsync(work, group.Decision, missing, credentials, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var found = missing.Count == 0 ? located : [.. located.Where(recipient => !recipient.IsMissing)];
        if (found.Count == 0)
        {
            return null;
        }

        LocatedRecipient? author = null;
        if (terms.IncludeSender && work.Authorship.Signatory is { } address)
        {
            author = await LookUp.AskAsync(
                token => work.Configuration.PartnerLocator.FindAuthorAsync(terms, group.Decision.Sign, address, work.Client, token), cancellationToken);
            work.Log.Located(work.Session, [author]);
            if (author.IsUnreachable)
            {
                return Verdicts.SourceUnreachable(group.Decision.RuleName, $"{author.Address}: {author.Reason}");
            }

            author = author.IsMissing ? null : author;
        }

        var groups = EncryptionPlan.Form(terms, found, author, new VisibleRecipients(work.Entity.Header));
        work.Log.Planned(work.Session, terms, groups);

        // One version has its memory already; those without a certificate have taken it.
        var more = missing.Count > 0 ? groups.Count : groups.Count - 1;
        // What is laid down leaves one version to be made, and the one before it until its memory is tidied up.
        var laysDown = work.IsLarge(group.Decision, credentials, more);
        if (await work.MakeRoomAsync(group.Decision, credentials, laysDown ? more - groups.Count + 2 : more, cancellationToken) is { } crowded)
        {
            return crowded;
        }

        return protector.TryBegin(work.Message.Envelope, work.Entity, group.Decision, credentials, out var versions, out var failure)
            ? await MakeVersionsAsync(work, group.Decision, credentials, versions, groups, laysDown, cancellationToken)
            : Verdicts.NotProtected(failure);
    }

    private async ValueTask<Outcome?> MakeVersionsAsync(
        PreparationWork work, Decision decision, Credentials? credentials, EncryptedVersions versions, IReadOnlyList<EncryptionGroup> groups, bool laysDown, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var made = new List<ProtectedMessage>(groups.Count);
        foreach (var group in groups)
        {
            if (laysDown)
            {
                // Asking for what one has begins the deadline anew: whoever gets on is in no trouble, up to a point where somebody waits for a reply.
                var crowded = work.Kind == PreparationKind.Fresh && time.GetElapsedTime(began) > LongestCopying ? Verdicts.TooManyCopies(groups.Count, work.Message.Content.Length)
                    : await work.MakeRoomAsync(decision, credentials, copies: 0, cancellationToken);
                if (crowded is not null)
                {
                    return crowded;
                }
            }

            var outcome = versions.Make(group);
            if (outcome.Fault is not null)
            {
                return Verdicts.NotProtected(outcome);
            }

            made.AddRange(outcome.Messages);
            if (laysDown && await work.LayDownAsync(made, cancellationToken) is { } refusal)
            {
                return refusal;
            }
        }

        if (credentials is not null)
        {
            work.Log.Protected(work.Session, decision.Sign!, credentials, versions.Of(made));
        }

        return work.Add(decision, made);
    }

    /// <summary>Does what the rule says for recipients without a certificate; returns the refusal when that ends the transaction.</summary>
    private async ValueTask<Outcome?> HandleMissingAsync(
        PreparationWork work, Decision decision, List<LocatedRecipient> missing, Credentials? credentials, CancellationToken cancellationToken)
    {
        EnvelopeRecipient[] recipients = [.. missing.Select(located => located.Recipient!)];
        var reason = ShortList.Of(missing.Select(located => $"{located.Address}: {located.Reason}"), "; ");
        var whenMissing = decision.Encrypt!.Options.WhenMissing;
        if (work.Kind == PreparationKind.Held)
        {
            // Who tries it again says so, every time.
            return work.Keep(missing);
        }

        if (missing.Exists(located => located.IsUnreachable))
        {
            return Verdicts.SourceUnreachable(decision.RuleName, reason);
        }

        Outcome? refusal;
        switch (whenMissing)
        {
            case WhenRecipientMissing.Pass:
                refusal = credentials is not null && decision.SignsInside
                    ? Sign(work, decision, recipients, credentials)
                    : await work.PassAsync(decision, Protector.PassUnencrypted(work.EnvelopeFor(recipients), work.Message.Content), cancellationToken);
                break;
            case WhenRecipientMissing.Hold:
                refusal = Hold(work, decision, recipients);
                break;
            case WhenRecipientMissing.Bounce when work.Configuration.Delivery.Reporter.CanTell(work.Message.Envelope.ReversePath):
                refusal = Report(work, decision, missing);
                break;
            default:
                // A report nobody would get is no answer, so the client gets one.
                return Verdicts.RecipientMissing(decision.RuleName, whenMissing, recipients, reason);
        }

        var addresses = ShortList.Of(missing.Select(located => located.Address));
        work.Lacks.Add(new Lack(decision.RuleName, $"finds no certificate to encrypt to for {addresses}", whenMissing.ToString(), reason));
        return refusal;
    }

    private Outcome? Hold(PreparationWork work, Decision decision, IReadOnlyList<EnvelopeRecipient> recipients)
    {
        try
        {
            if (!protector.TryGetFieldsOutside(work.Entity, decision, out var outside, out var failure))
            {
                return Verdicts.NotProtected(failure);
            }

            var held = HeldMail.Seal(work.Message, recipients, outside, work.Configuration.HoldKey);
            return work.Add(decision, held);
        }
        catch (Exception trouble) when (trouble is IOException or CryptographicException)
        {
            // Without its key nothing is kept: the client goes on having the message.
            return Verdicts.NotSealed(trouble.Message);
        }
    }

    private Outcome? Report(PreparationWork work, Decision decision, List<LocatedRecipient> missing)
    {
        if (!protector.TryGetFieldsOutside(work.Entity, decision, out var outside, out var failure))
        {
            return Verdicts.NotProtected(failure);
        }

        var status = new DeliveryStatus(DeliveryAction.Failed, new EnhancedStatus(5, 7, 5), "no certificate to encrypt to", RemoteMta: null);
        return work.Add(decision, [.. work.Configuration.Delivery.Reporter.ReportMissing(
            work.Message.Envelope,
            HeaderBytes(outside),
            [.. missing.Select(located => new RecipientProgress(located.Recipient!, status))],
            time.GetUtcNow(),
            work.Session)]);
    }

    private static byte[] HeaderBytes(IReadOnlyList<HeaderField> fields)
    {
        using var header = new MemoryStream();
        foreach (var field in fields)
        {
            header.Write(field.Raw.Span);
            header.Write(field.Raw.Span.EndsWith("\n"u8) ? [] : "\r\n"u8);
        }

        return header.ToArray();
    }
}
