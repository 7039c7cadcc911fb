namespace SmimeGateway.Smtp;

/// <summary>Hears the story of a server session. Called on the session's own thread: implementations are quick and never throw.</summary>
public interface ISessionObserver
{
    /// <summary>True when positive replies are of interest too; refusals are always told.</summary>
    bool WantsEverything { get; }

    /// <summary>A command was answered.</summary>
    /// <param name="session">Who asked.</param>
    /// <param name="command">The command line, cut short and with control characters escaped.</param>
    /// <param name="reply">The answer.</param>
    void Answered(SmtpSessionIdentity session, string command, SmtpReply reply);

    /// <summary>A message ended and was answered.</summary>
    /// <param name="session">Who sent it.</param>
    /// <param name="envelope">Its envelope.</param>
    /// <param name="octets">Its size as received.</param>
    /// <param name="reply">The answer to its final dot.</param>
    void MessageAnswered(SmtpSessionIdentity session, Envelope envelope, long octets, SmtpReply reply);

    /// <summary>The owner's code threw, which the client hears as 451 4.3.0, or 454 4.7.0 in a login; in a handshake nothing can be said.</summary>
    void Failed(SmtpSessionIdentity session, Exception exception);

    /// <summary>The session is over.</summary>
    void Ended(SmtpSessionIdentity session, SessionEnd reason);
}
