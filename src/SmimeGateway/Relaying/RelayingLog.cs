using System.Net;
using Microsoft.Extensions.Logging;
using SmimeGateway.Smtp;

namespace SmimeGateway.Relaying;

/// <summary>What relaying says. Addresses and replies are printable by the promise of their types.</summary>
internal static partial class RelayingLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{QueueId} delivered to {Recipient} by {NextHop}: {Reply}")]
    public static partial void Delivered(ILogger log, string queueId, string recipient, string nextHop, string reply);

    [LoggerMessage(Level = LogLevel.Information, Message = "{QueueId} deferred for {Recipient} by {NextHop} until {NextAttempt:u}: {Status} {Reply}")]
    public static partial void Deferred(
        ILogger log, string queueId, string recipient, string nextHop, DateTimeOffset nextAttempt, EnhancedStatus status, string reply);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{QueueId} bounced for {Recipient} by {NextHop}: {Status} {Reply}")]
    public static partial void Bounced(ILogger log, string queueId, string recipient, string nextHop, EnhancedStatus status, string reply);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{QueueId} taken for attempt {Attempt}: from {Sender}, {Recipients} recipients, {Bytes} bytes")]
    public static partial void Taken(ILogger log, string queueId, int attempt, string sender, int recipients, int bytes);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{QueueId} sending {Bytes} bytes to {Recipients} recipients over {Host} (kept connection: {WasUsed})")]
    public static partial void Sending(ILogger log, string queueId, int bytes, int recipients, string host, bool wasUsed);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{QueueId} trying another connection, as {Host} was lost before it answered: {Reason}")]
    public static partial void TryingAgain(ILogger log, string queueId, string host, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Connected to {Host} at {EndPoint}")]
    public static partial void Connected(ILogger log, string host, IPEndPoint endPoint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Next hop {Host} at {EndPoint} is left alone for {Cooldown}: {Reason}")]
    public static partial void NotConnected(ILogger log, string host, IPEndPoint endPoint, string reason, TimeSpan cooldown);

    [LoggerMessage(Level = LogLevel.Error, Message = "{QueueId} the delivery loop met an unexpected error; the message stays queued")]
    public static partial void AttemptBroke(ILogger log, string queueId, Exception exception);
}
