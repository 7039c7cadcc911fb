using Microsoft.Extensions.Logging;
using SmimeGateway.Smtp;

namespace SmimeGateway.Accepting;

/// <summary>
/// Writes the story of an SMTP session to the log: all of it at debug level, refusals at information level. Commands before a message are
/// told up to a bound, as refused recipients may be any number; what became of the message always is.
/// </summary>
internal sealed class LoggingObserver(ILogger log, string session) : ISessionObserver
{
    private readonly BoundedLog _story = new(log, session);

    /// <summary>True once whoever handled the message has told the log why it was refused: one line is enough.</summary>
    public bool IsRefusalTold { get; set; }

    /// <inheritdoc/>
    public bool WantsEverything => !_story.IsFull && log.IsEnabled(LogLevel.Debug);

    /// <inheritdoc/>
    public void Answered(SmtpSessionIdentity session, string command, SmtpReply reply)
    {
        if (reply.IsPositive)
        {
            _story.CommandAnswered(session.SessionId, command, reply);
        }
        else
        {
            _story.CommandRefused(session.SessionId, session.Client, command, reply);
        }
    }

    /// <inheritdoc/>
    public void MessageAnswered(SmtpSessionIdentity session, Envelope envelope, long octets, SmtpReply reply)
    {
        _story.End();
        if (reply.IsPositive)
        {
            log.MessageAccepted(session.SessionId, envelope.ReversePath, envelope.Recipients.Count, octets, reply);
        }
        else if (!IsRefusalTold)
        {
            log.MessageRefused(session.SessionId, session.Client, envelope.ReversePath, envelope.Recipients.Count, octets, reply);
        }

        IsRefusalTold = false;
    }

    /// <inheritdoc/>
    /// <remarks>Told whatever was before: it ends the session, so that there is one.</remarks>
    public void Failed(SmtpSessionIdentity session, Exception exception) => log.SessionFailed(exception, session.SessionId);

    /// <inheritdoc/>
    public void Ended(SmtpSessionIdentity session, SessionEnd reason)
    {
        _story.End();
        if (reason is SessionEnd.Quit or SessionEnd.ClientGone or SessionEnd.Drained)
        {
            log.SessionEnded(session.SessionId, Words(reason));
        }
        else
        {
            log.SessionCut(session.SessionId, session.Client, Words(reason));
        }
    }

    private static string Words(SessionEnd reason) => reason switch
    {
        SessionEnd.Quit => "the client said QUIT",
        SessionEnd.ClientGone => "the client closed the connection, or it broke",
        SessionEnd.TimedOut => "the client was silent, or took too long",
        SessionEnd.Stalled => "the client does not read the replies",
        SessionEnd.TooManyErrors => "the client made too many errors",
        SessionEnd.TooSlow => "the message came in too slowly",
        SessionEnd.OutOfStep => "where the next command begins cannot be known",
        SessionEnd.HandshakeFailed => "the TLS handshake failed",
        SessionEnd.Drained => "the gateway is stopping",
    };
}
