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
    public static partial void SessionEnded(this ILogger log, string session, SessionEnd reason);

    [LoggerMessage(LogLevel.Information, "{Session} {Client} cut off: {Reason}")]
    public static partial void SessionCut(this ILogger log, string session, IPEndPoint client, SessionEnd reason);
}
