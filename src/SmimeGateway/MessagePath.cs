using Microsoft.Extensions.Logging;
using SmimeGateway.Accepting;
using SmimeGateway.Deciding;
using SmimeGateway.Locating;
using SmimeGateway.Mime;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;

namespace SmimeGateway;

/// <summary>
/// All that happens to a message before its 250, in the order in which it happens. Whatever goes wrong becomes a truthful 4xx or 5xx:
/// the sender still owns the message then, and nothing of it was kept.
/// </summary>
public sealed class MessagePath
{
    // Half of what RFC 5321 section 4.5.3.2.6 lets a client wait would already be minutes; a look-up that takes longer than this is in
    // trouble, and a 451 in time avoids a duplicate.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Func<RunningConfiguration> _configuration;
    private readonly Protector _protector;
    private readonly IMessageQueue _queue;
    private readonly GatewayCounters _counters;
    private readonly ILogger<MessagePath> _log;

    /// <summary>Connects the stages.</summary>
    /// <param name="configuration">Gives the current configuration; asked once per message.</param>
    /// <param name="protector">Stage 5.</param>
    /// <param name="queue">Stage 6.</param>
    /// <param name="counters">Counts what became of each message.</param>
    /// <param name="log">Hears the story of each message.</param>
    public MessagePath(
        Func<RunningConfiguration> configuration,
        Protector protector,
        IMessageQueue queue,
        GatewayCounters counters,
        ILogger<MessagePath> log)
    {
        _configuration = configuration;
        _protector = protector;
        _queue = queue;
        _counters = counters;
        _log = log;
    }

    /// <summary>Takes a message from the listener to the durable queue, or says why not.</summary>
    public async ValueTask<Outcome> HandleAsync(InboundMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            return End(message, await FollowAsync(message, _configuration(), deadline.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return End(message, Verdicts.TookTooLong());
        }
#pragma warning disable CA1031 // The edge of the message path: whatever broke, the client hears 451 and keeps the message.
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            _counters.CountBroken();
            _log.Broke(exception, message.Session.SessionId);
            return End(message, Verdicts.Failed(exception));
        }
    }

    private Outcome End(InboundMessage message, Outcome outcome)
    {
        _counters.Count(outcome);
        _log.Ended(message, outcome);
        return outcome;
    }

    private async ValueTask<Outcome> FollowAsync(
        InboundMessage message, RunningConfiguration configuration, CancellationToken cancellationToken)
    {
        // 1 Accepting has happened; what is left of it is to see that the bytes are a message, and not one that goes in circles.
        if (!Entity.TryParse(message.Content, MimeLimits.Standard, out var entity, out var fault))
        {
            return Verdicts.Malformed(fault);
        }

        if (LoopCheck.FindLoop(entity.Header, configuration.Options.HostName) is { } loop)
        {
            return Verdicts.Looping(loop);
        }

        // 2 Deciding: one decision per recipient; recipients whose decisions ask for the same stay one message.
        var authorship = Authorship.Read(message.Envelope.ReversePath, entity.Header);
        var facts = new MessageFacts(
            authorship.RuleSender, message.Session.ListenerName, message.Session.Client.Address, message.Session.User, entity.Header);
        var existing = ProtectionRecognizer.Recognize(entity);
        var groups = RecipientGroup.Form(configuration.Rules, facts, message.Envelope.Recipients, existing);
        _log.Decided(message, configuration.Rules, facts, existing, groups);
        if (groups.FirstOrDefault(group => group.Decision.Action == DecisionAction.Reject) is { } rejected)
        {
            return Verdicts.NoRuleAllows(rejected.Recipients);
        }

        // A report names nobody in its envelope and may carry any postmaster's From, so it needs no grant, unless it would be signed.
        var isSigned = groups.Any(group => group.Decision.Action == DecisionAction.Protect);
        if ((isSigned || !message.Envelope.ReversePath.IsNull)
            && configuration.Grants.FindUngranted(authorship, facts.Client, facts.User) is { } ungranted)
        {
            return Verdicts.SenderNotGranted(ungranted);
        }

        // 3 Locating and 5 Protecting for each group. 4 Opening is for mail that comes in from partners; none is opened yet.
        var ready = new List<ProtectedMessage>(groups.Count);
        foreach (var group in groups)
        {
            var (protectedMessage, refusal) =
                await ProtectAsync(message, entity, authorship, group, configuration.Locator, cancellationToken);
            if (protectedMessage is null)
            {
                // One group that cannot be protected refuses the whole transaction: a reply speaks for all its recipients.
                return refusal!;
            }

            ready.Add(protectedMessage);
        }

        // 6 Queueing: all of the transaction or none of it. When this returns ids the message is ours, and only then is a 250 true.
        var stored = await _queue.EnqueueAsync(ready, cancellationToken);
        if (stored.Refusal is not null)
        {
            return Verdicts.NotStored(stored.Refusal);
        }

        _log.Stored(message, stored.Ids, ready, groups);
        return Verdicts.Stored(stored.Ids);
    }

    private async ValueTask<(ProtectedMessage? Message, Outcome? Refusal)> ProtectAsync(
        InboundMessage message,
        Entity entity,
        Authorship authorship,
        RecipientGroup group,
        CredentialLocator locator,
        CancellationToken cancellationToken)
    {
        var session = message.Session.SessionId;
        var envelope = message.Envelope with { Recipients = group.Recipients };
        if (group.Decision.Sign is not { } sign)
        {
            return (Protector.PassUnchanged(envelope, message.Content), null);
        }

        var search = await locator.FindSignerAsync(sign, authorship.Signatory, cancellationToken);
        _log.Located(session, group.Decision, search);
        if (search.Found is not { } credentials)
        {
            if (search.IsUnreachable)
            {
                return (null, Verdicts.SourceUnreachable(search.Reason));
            }

            if (sign.WhenMissing == WhenCertificateMissing.Pass)
            {
                return (Protector.PassUnsigned(envelope, message.Content), null);
            }

            return (null, authorship.Signatory is null
                ? Verdicts.NoSingleAuthor()
                : Verdicts.SignerMissing(sign.WhenMissing, group.Recipients, search.Reason));
        }

        var outcome = _protector.Sign(envelope, entity, sign, credentials);
        if (outcome.Message is not null)
        {
            _counters.CountSigned();
        }

        _log.Protected(session, sign, credentials, outcome);
        return (outcome.Message, outcome.Message is null ? Verdicts.NotProtected(outcome) : null);
    }
}
