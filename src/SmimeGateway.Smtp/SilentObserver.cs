namespace SmimeGateway.Smtp;

/// <summary>Hears nothing.</summary>
public sealed class SilentObserver : ISessionObserver
{
    private SilentObserver()
    {
    }

    /// <summary>The only one.</summary>
    public static SilentObserver Instance { get; } = new();

    /// <inheritdoc/>
    public bool WantsEverything => false;

    /// <inheritdoc/>
    public void Answered(SmtpSessionIdentity session, string command, SmtpReply reply)
    {
    }

    /// <inheritdoc/>
    public void MessageAnswered(SmtpSessionIdentity session, Envelope envelope, long octets, SmtpReply reply)
    {
    }

    /// <inheritdoc/>
    public void Failed(SmtpSessionIdentity session, Exception exception)
    {
    }

    /// <inheritdoc/>
    public void Ended(SmtpSessionIdentity session, SessionEnd reason)
    {
    }
}
