using System.Net;
using Microsoft.Extensions.Logging;
using SmimeGateway.Smtp;

namespace SmimeGateway.Accepting;

/// <summary>What the stage says. Commands come with their control characters escaped.</summary>
internal static partial class AcceptingLog
{
    [LoggerMessage(LogLevel.Debug, "{Session} connected to {Listener} from {Client}")]
    public static partial void Connected(this ILogger log, string session, string listener, IPEndPoint client);

    [LoggerMessage(LogLevel.Information, "{Session} refused: too many connections to {Listener}, this one from {Client}")]
    public static partial void ConnectionRefused(this ILogger log, string session, string listener, IPEndPoint client);

    [LoggerMessage(LogLevel.Debug, "{Session} {Command} answered {Reply}")]
    public static partial void CommandAnswered(this ILogger log, string session, string command, SmtpReply reply);

    [LoggerMessage(LogLevel.Information, "{Session} {Client} {Command} refused {Reply}")]
    public static partial void CommandRefused(this ILogger log, string session, IPEndPoint client, string command, SmtpReply reply);

    [LoggerMessage(LogLevel.Debug, "{Session} message from {ReversePath} to {Recipients} recipients, {Octets} octets, answered {Reply}")]
    public static partial void MessageAccepted(this ILogger log, string session, MailPath reversePath, int recipients, long octets, SmtpReply reply);

    [LoggerMessage(LogLevel.Information, "{Session} {Client} message from {ReversePath} to {Recipients} recipients, {Octets} octets, refused {Reply}")]
    public static partial void MessageRefused(
        this ILogger log, string session, IPEndPoint client, MailPath reversePath, int recipients, long octets, SmtpReply reply);

    [LoggerMessage(LogLevel.Error, "{Session} an unexpected error became 451")]
    public static partial void SessionFailed(this ILogger log, Exception exception, string session);

    [LoggerMessage(LogLevel.Debug, "{Session} ended: {Reason}")]
    public static partial void SessionEnded(this ILogger log, string session, string reason);

    [LoggerMessage(LogLevel.Information, "{Session} {Client} cut off: {Reason}")]
    public static partial void SessionCut(this ILogger log, string session, IPEndPoint client, string reason);

    [LoggerMessage(LogLevel.Warning, "Listener {Listener} is crowded: {Connections} of {Limit} connections are in use, and the silent are asked to go")]
    public static partial void Crowded(this ILogger log, string listener, int connections, int limit);

    [LoggerMessage(LogLevel.Warning, "{Session} closed on {Listener}: {Peer} sent no valid PROXY protocol header: {Reason}")]
    public static partial void ProxyRefused(this ILogger log, string session, string listener, IPEndPoint peer, string reason);

    [LoggerMessage(LogLevel.Information, "{Session} no TLS on {Listener} with {Client}: {Reason}")]
    public static partial void HandshakeFailed(this ILogger log, string session, string listener, IPEndPoint client, string reason);

    [LoggerMessage(LogLevel.Information, "Listener {Listener} presents {Subject}, serial {Serial}, until {NotAfter:yyyy-MM-dd}")]
    public static partial void Presents(this ILogger log, string listener, string subject, string serial, DateTimeOffset notAfter);

    [LoggerMessage(LogLevel.Error, "The users in {File} cannot be read: {Reason}. {Known} who were in it before may log in, all others hear 454. Let the gateway's user read it")]
    public static partial void UsersNotRead(this ILogger log, string file, string reason, int known);

    [LoggerMessage(LogLevel.Debug, "{Session} {Client} logged in as {User} with {Mechanism}")]
    public static partial void LoggedIn(this ILogger log, string session, IPEndPoint client, string user, string mechanism);

    [LoggerMessage(LogLevel.Warning, "{Session} {Client} failed to log in as {User} with {Mechanism}")]
    public static partial void LoginFailed(this ILogger log, string session, IPEndPoint client, string user, string mechanism);

    [LoggerMessage(LogLevel.Warning, "{Session} {Client} may not log in as {User} now: too many attempts failed")]
    public static partial void LoginRefused(this ILogger log, string session, IPEndPoint client, string user);

    [LoggerMessage(LogLevel.Warning, "{Session} {Client} heard 452: no memory came free for a message of {Octets} octets, {Waiting} others wait")]
    public static partial void NoMemory(this ILogger log, string session, IPEndPoint client, long octets, int waiting);
}
