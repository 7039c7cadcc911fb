using Microsoft.Extensions.Logging;
using SmimeGateway.Smtp;

namespace SmimeGateway.Accepting;

/// <summary>Writes the story of SMTP sessions to the log: all of it at debug level, refusals at information level.</summary>
internal sealed class LoggingObserver(ILogger log) : ISessionObserver
{
    /// <inheritdoc/>
    public bool WantsEverything => log.IsEnabled(LogLevel.Debug);

    /// <inheritdoc/>
    public void Answered(SmtpSessionIdentity session, string command, SmtpReply reply)
    {
        if (reply.IsPositive)
        {
            log.CommandAnswered(session.SessionId, command, reply);
        }
        else
        {
            log.CommandRefused(session.SessionId, session.Client, command, reply);
        }
    }

    /// <inheritdoc/>
    public void MessageAnswered(SmtpSessionIdentity session, Envelope envelope, long octets, SmtpReply reply)
    {
        if (reply.IsPositive)
        {
            log.MessageAccepted(session.SessionId, envelope.ReversePath, envelope.Recipients.Count, octets, reply);
        }
        else
        {
            log.MessageRefused(session.SessionId, session.Client, envelope.ReversePath, envelope.Recipients.Count, octets, reply);
        }
    }

    /// <inheritdoc/>
    public void Failed(SmtpSessionIdentity session, Exception exception) => log.SessionFailed(exception, session.SessionId);

    /// <inheritdoc/>
    public void Ended(SmtpSessionIdentity session, SessionEnd reason)
    {
        if (reason is SessionEnd.Quit or SessionEnd.ClientGone or SessionEnd.Drained)
        {
            log.SessionEnded(session.SessionId, reason);
        }
        else
        {
            log.SessionCut(session.SessionId, session.Client, reason);
        }
    }
}
