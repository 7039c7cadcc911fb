using Microsoft.Extensions.Logging;
using SmimeGateway.Accepting;
using SmimeGateway.Opening;
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
    private readonly Preparation _preparation;
    private readonly IMessageQueue _queue;
    private readonly GatewayCounters _counters;
    private readonly ILogger<MessagePath> _log;
    private readonly Harvest? _harvest;

    /// <summary>Connects the stages.</summary>
    /// <param name="configuration">Gives the current configuration; asked once per message.</param>
    /// <param name="protector">Stage 5.</param>
    /// <param name="queue">Stage 6.</param>
    /// <param name="counters">Counts what became of each message.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Hears the story of each message.</param>
    /// <param name="harvest">Keeps the certificates of signed mail; null to leave them.</param>
    public MessagePath(
        Func<RunningConfiguration> configuration,
        Protector protector,
        IMessageQueue queue,
        GatewayCounters counters,
        TimeProvider time,
        ILogger<MessagePath> log,
        Harvest? harvest = null)
    {
        _configuration = configuration;
        _queue = queue;
        _counters = counters;
        _log = log;
        _harvest = harvest;
        _preparation = new Preparation(protector, time, log, queue);
    }

    /// <summary>Takes a message from the listener to the durable queue, or says why not.</summary>
    public async ValueTask<Outcome> HandleAsync(InboundMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            return End(message, await FollowAsync(message.Unhurried(deadline, Deadline), _configuration(), deadline.Token));
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            return End(message, Verdicts.TookTooLong(late));
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
        // 1 Accepting has happened. 2 Deciding, 3 Locating and 5 Protecting make the messages that may leave.
        var prepared = await _preparation.PrepareAsync(message, configuration, PreparationKind.Fresh, cancellationToken);
        if (prepared.Refused is [var refusal, ..])
        {
            // One reply speaks for all recipients, so one that is refused refuses all.
            return refusal.Outcome;
        }

        // 6 Queueing: all of the transaction or none of it. When this returns ids the message is ours, and only then is a 250 true.
        List<ProtectedMessage> leaving = [.. prepared.Messages.Select(ready => ready.Message)];
        var stored = await _queue.EnqueueAsync(leaving, cancellationToken);
        if (stored.Refusal is not null)
        {
            return Verdicts.NotStored(stored.Refusal);
        }

        foreach (var ready in prepared.Messages)
        {
            ready.CountIn(_counters);
        }

        // 4 Opening, for what does not change the message: nobody waits for it.
        _harvest?.Offer(message.Session.SessionId, message.Content, prepared.Existing, message.Received, configuration.Partners);
        _log.Lacked(message.Session.SessionId, prepared.Lacks);
        _log.Stored(message, stored.Ids, prepared.Messages);

        // Whoever called back from the flush has both lists on its stack still, when the memory of what was in them is given to the next.
        leaving.Clear();
        prepared.LetGo();
        return Verdicts.Stored(stored.Ids);
    }
}
