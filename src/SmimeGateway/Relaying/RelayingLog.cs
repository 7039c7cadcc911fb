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
    public static partial void Taken(ILogger log, string queueId, int attempt, string sender, int recipients, long bytes);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{QueueId} sending {Bytes} bytes to {Recipients} recipients over {Host} (kept connection: {WasUsed})")]
    public static partial void Sending(ILogger log, string queueId, long bytes, int recipients, string host, bool wasUsed);

    [LoggerMessage(Level = LogLevel.Information, Message = "{QueueId} has lines of more than 998 octets, written anew for {Host}, which does not offer CHUNKING")]
    public static partial void LinesShortened(ILogger log, string queueId, string host);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{QueueId} trying another connection, as {Host} was lost before it answered: {Reason}")]
    public static partial void TryingAgain(ILogger log, string queueId, string host, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Connected to {NextHop}, {Security}")]
    public static partial void Connected(ILogger log, string nextHop, string security);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Next hop {NextHop} is left alone for {Cooldown}: {Reason}")]
    public static partial void NotConnected(ILogger log, string nextHop, string reason, TimeSpan cooldown);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Next hop {Host}, port {Port}, has no address: {Reason}. Correct its name, or ask who runs the name server")]
    public static partial void NotResolved(ILogger log, string host, int port, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Next hop {Host} has an address again")]
    public static partial void Resolved(ILogger log, string host);

    [LoggerMessage(Level = LogLevel.Error, Message = "Next hop {NextHop} gets no mail, and is asked again in {Cooldown}: {Reason} It is put right there, or in its route by \"tls\", \"trust\", \"certificate\", \"authentication\" or the port")]
    public static partial void NotSecured(ILogger log, string nextHop, TimeSpan cooldown, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Next hop {NextHop} loses one session after the other, and is left alone for {Cooldown}: {Reason}")]
    public static partial void SessionsLost(ILogger log, string nextHop, TimeSpan cooldown, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Next hop {NextHop} offers TLS, and cannot do it; its mail goes out in plain: {Reason}")]
    public static partial void TryingWithoutTls(ILogger log, string nextHop, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Next hop {NextHop} takes no mail now, and what is for it waits; it is asked again every {Cooldown}: {Reason}")]
    public static partial void Rests(ILogger log, string nextHop, TimeSpan cooldown, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Next hop {NextHop} gets mail again; {Messages} messages wait for it")]
    public static partial void GoesOn(ILogger log, string nextHop, int messages);

    [LoggerMessage(Level = LogLevel.Information, Message = "{QueueId} waits for next hop {NextHop}: {Reason}")]
    public static partial void Waits(ILogger log, string queueId, string nextHop, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Asking whether next hop {NextHop} is back met an unexpected error")]
    public static partial void ProbeBroke(ILogger log, string nextHop, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Roots of a route: {Location}: {Reason}. {Remedy}")]
    public static partial void RootsUnreadable(ILogger log, string location, string reason, string remedy);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Got a token from {Endpoint}, valid for {Lifetime}")]
    public static partial void TokenFetched(ILogger log, string endpoint, TimeSpan lifetime);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason} It is asked again in {Pause}")]
    public static partial void TokenNotFetched(ILogger log, string reason, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Error, Message = "{QueueId} the delivery loop met an unexpected error; the message stays queued")]
    public static partial void AttemptBroke(ILogger log, string queueId, Exception exception);
}
