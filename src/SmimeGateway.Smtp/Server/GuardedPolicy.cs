using System.IO.Pipelines;
using System.Security.Authentication;

namespace SmimeGateway.Smtp.Server;

/// <summary>
/// Asks the owner of the session. What the owner's code throws is our trouble, not the client's: it keeps its message and tries again.
/// </summary>
internal sealed class GuardedPolicy(SmtpServerPolicy policy)
{
    /// <summary>True when memory is not simply there.</summary>
    public bool ReservesMemory => policy.ReserveMemory is not null;

    /// <summary>True when TLS can begin.</summary>
    public bool CanSecure => policy.StartTls is not null;

    /// <summary>True when there is somebody who may log in.</summary>
    public bool CanAuthenticate => policy.Authentication is not null;

    /// <summary>The refusal of a sender, or null.</summary>
    public ValueTask<SmtpReply?> CheckSenderAsync(SmtpSessionIdentity identity, MailPath path, long? size) => AskAsync(
        identity, static (policy, ask) => policy.CheckSender(ask.identity, ask.path, ask.size, CancellationToken.None), (identity, path, size));

    /// <summary>The refusal of a recipient, or null.</summary>
    public ValueTask<SmtpReply?> CheckRecipientAsync(SmtpSessionIdentity identity, MailPath path) => AskAsync(
        identity, static (policy, ask) => policy.CheckRecipient(ask.identity, ask.path, CancellationToken.None), (identity, path));

    /// <summary>Gives the transaction its prefix. Returns the reply that says that there is none, or null.</summary>
    public ValueTask<SmtpReply?> PrefixAsync(SmtpSessionIdentity identity, Transaction transaction) => AskAsync(
        identity,
        static (policy, ask) =>
        {
            ask.transaction.Prefix = policy.PrefixContent(ask.identity, ask.transaction.Envelope);
            return ValueTask.FromResult<SmtpReply?>(null);
        },
        (identity, transaction));

    /// <summary>Hands the message on, and returns what its sender is told.</summary>
    public async ValueTask<SmtpReply> HandleAsync(ReceivedMessage message) =>
        (await AskAsync<ReceivedMessage>(
            message.Session, static async (policy, received) => await policy.HandleMessage(received, CancellationToken.None), message))!;

    /// <summary>Memory for so many octets, or null when there is none.</summary>
    public async ValueTask<IDisposable?> ReserveAsync(SmtpSessionIdentity identity, long octets)
    {
        IDisposable? reserved = null;
        await AskAsync(
            identity,
            async (policy, ask) =>
            {
                reserved = await policy.ReserveMemory!(identity, ask, CancellationToken.None);
                return null;
            },
            octets);
        return reserved;
    }

    /// <summary>The refusal of a login before its password is checked, or null.</summary>
    public ValueTask<SmtpReply?> AdmitAsync(SmtpSessionIdentity identity, string user) => AskAsync(
        identity, static (policy, ask) => policy.Authentication!.Admit(ask.identity, ask.user), (identity, user));

    /// <summary>The transport under TLS, or null when the handshake failed.</summary>
    public async ValueTask<SecuredTransport?> SecureAsync(SmtpSessionIdentity identity, IDuplexPipe transport, CancellationToken cancellationToken)
    {
        SecuredTransport? secured = null;
        await AskAsync(
            identity,
            async (policy, ask) =>
            {
                try
                {
                    secured = await policy.StartTls!(ask, cancellationToken);
                }
                catch (Exception exception) when (exception is AuthenticationException or IOException or OperationCanceledException)
                {
                    // Clients that trust nobody, or hang up, are everyday business.
                }

                return null;
            },
            transport);
        return secured;
    }

    private async ValueTask<SmtpReply?> AskAsync<TAsk>(
        SmtpSessionIdentity identity, Func<SmtpServerPolicy, TAsk, ValueTask<SmtpReply?>> ask, TAsk about)
    {
        try
        {
            return await ask(policy, about);
        }
#pragma warning disable CA1031 // The edge of the library: nothing is known about what may come from beyond it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            policy.Observer.Failed(identity, exception);
            return Replies.InternalError;
        }
    }
}
