using System.IO.Pipelines;
using SmimeGateway.Smtp.Server;

namespace SmimeGateway.Smtp;

/// <summary>
/// The server's side of one SMTP connection (RFC 5321), with PIPELINING, SIZE, 8BITMIME, SMTPUTF8, DSN, CHUNKING, STARTTLS, AUTH and
/// ENHANCEDSTATUSCODES. Whatever the client sends, memory and time stay within the options, and no message is handed on that a next
/// hop could read differently.
/// </summary>
public sealed class SmtpServerSession
{
    /// <summary>Prepares a session for one connection.</summary>
    /// <param name="options">What the server says of itself and allows.</param>
    /// <param name="policy">The decisions that are not the protocol's.</param>
    /// <param name="identity">The client, as the connection shows it.</param>
    /// <param name="time">The clock behind the time limits.</param>
    public SmtpServerSession(SmtpServerOptions options, SmtpServerPolicy policy, SmtpSessionIdentity identity, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(time);
        Options = options;
        Policy = policy;
        Identity = identity;
        Time = time;
    }

    internal SmtpServerOptions Options { get; }

    internal SmtpServerPolicy Policy { get; }

    internal SmtpSessionIdentity Identity { get; }

    internal TimeProvider Time { get; }

    /// <summary>
    /// Holds the conversation to its end and says how it ended; never throws for what the client or the network does. The pipes
    /// stay the caller's to complete.
    /// </summary>
    /// <param name="transport">The connection.</param>
    /// <param name="drain">When it is cancelled, the running transaction is finished and the client told 421 4.3.2.</param>
    public async Task<SessionEnd> RunAsync(IDuplexPipe transport, CancellationToken drain)
    {
        ArgumentNullException.ThrowIfNull(transport);
        await using var loop = new SessionLoop(this, transport, drain);
        var end = SessionEnd.ClientGone;
        try
        {
            end = await loop.RunAsync();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // A reset connection ends a session like a closed one; nothing that was not answered was promised.
        }

        Policy.Observer.Ended(loop.Identity, end);
        return end;
    }
}
