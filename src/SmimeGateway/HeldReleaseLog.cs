using Microsoft.Extensions.Logging;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;

namespace SmimeGateway;

/// <summary>What is said of messages that wait for a certificate.</summary>
internal static partial class HeldReleaseLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{QueueId} released as {Successor}: {Protection} for {Recipients} recipient(s), rule \"{Rule}\"")]
    private static partial void Released(ILogger log, string queueId, QueueId successor, string protection, int recipients, string rule);

    public static void Released(ILogger log, string queueId, QueueId successor, Protection protection, int recipients, string rule)
    {
        var words = protection.Words();
        Released(log, queueId, successor, words, recipients, rule);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{QueueId} opened and prepared again, as {Session}")]
    public static partial void Opened(ILogger log, string queueId, string session);

    [LoggerMessage(Level = LogLevel.Error, Message = "{QueueId} stays sealed, as its seal does not open with the gateway's key: {Reason}")]
    public static partial void NotOpened(ILogger log, string queueId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{QueueId} stays held, although there are rules by which it could leave: it was accepted to be encrypted, and {Reason}")]
    public static partial void WouldBePlain(ILogger log, string queueId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{QueueId} stays held, as the queue has no room for what it would become: {Reason}")]
    public static partial void NoRoom(ILogger log, string queueId, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Messages} of {Waiting} messages that wait for a certificate are due, as there is one for a recipient of theirs")]
    public static partial void Woken(ILogger log, int messages, int waiting);

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking for messages that a new certificate releases met an unexpected error; they are tried at their own time")]
    public static partial void WatchBroke(ILogger log, Exception exception);
}
