using System.IO.Pipelines;

namespace SmimeGateway.Smtp;

/// <summary>The decisions that a server session leaves to its owner. Those that are not set let everything pass.</summary>
public sealed record SmtpServerPolicy
{
    /// <summary>Asked at MAIL, with the announced size; a reply refuses, null goes on.</summary>
    public Func<SmtpSessionIdentity, MailPath, long?, CancellationToken, ValueTask<SmtpReply?>> CheckSender { get; init; } =
        static (_, _, _, _) => ValueTask.FromResult<SmtpReply?>(null);

    /// <summary>Asked at RCPT; a reply refuses the recipient, null goes on.</summary>
    public Func<SmtpSessionIdentity, MailPath, CancellationToken, ValueTask<SmtpReply?>> CheckRecipient { get; init; } =
        static (_, _, _) => ValueTask.FromResult<SmtpReply?>(null);

    /// <summary>
    /// Asked at DATA for what shall stand before the client's octets, a trace field for example. It is written before the first of
    /// them arrives, so that content and prefix are one block without a second copy.
    /// </summary>
    public Func<SmtpSessionIdentity, Envelope, ReadOnlyMemory<byte>> PrefixContent { get; init; } =
        static (_, _) => ReadOnlyMemory<byte>.Empty;

    /// <summary>
    /// Asked before the 354 of DATA and before the first chunk of BDAT with the announced size, and again whenever the message outgrows
    /// what it was granted, with the octets that it needs beyond that. May wait for memory; null refuses with 452 4.3.1. All that was
    /// granted is disposed of once the message was answered or abandoned.
    /// </summary>
    public Func<SmtpSessionIdentity, long, CancellationToken, ValueTask<IDisposable?>>? ReserveMemory { get; init; }

    /// <summary>
    /// Asked at the end of each minute of a message: the least octets per second that it must have come in with in that minute, so that
    /// the owner may be strict when connections run out and lenient else; 0 lets any pace pass. Null lets any pace pass always.
    /// </summary>
    public Func<int>? MinBytesPerSecond { get; init; }

    /// <summary>
    /// Holds the server's side of the TLS handshake over a transport from which nothing more is read by the session. Throws
    /// <see cref="System.Security.Authentication.AuthenticationException"/> or <see cref="IOException"/> when there is none.
    /// </summary>
    public Func<IDuplexPipe, CancellationToken, ValueTask<SecuredTransport>>? StartTls { get; init; }

    /// <summary>Who may log in; null where nobody can.</summary>
    public SmtpAuthentication? Authentication { get; init; }

    /// <summary>Takes the message.</summary>
    public required MessageHandler HandleMessage { get; init; }

    /// <summary>Hears what the session does.</summary>
    public ISessionObserver Observer { get; init; } = SilentObserver.Instance;
}

/// <summary>A transport after the TLS handshake. The handshake disposes of nothing of the transport below; disposing this ends TLS on it.</summary>
/// <param name="Pipe">The decrypted octets in both directions.</param>
/// <param name="Facts">What was agreed on.</param>
/// <param name="Owner">What must be disposed when the session is over.</param>
public sealed record SecuredTransport(IDuplexPipe Pipe, TlsFacts Facts, IAsyncDisposable Owner);
