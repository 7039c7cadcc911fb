using Microsoft.Extensions.Logging;
using SmimeGateway.Accepting.Crowding;
using SmimeGateway.Smtp;

namespace SmimeGateway.Accepting;

/// <summary>What a listener allows one client: the session's options, and its questions answered.</summary>
internal sealed class SessionTerms
{
    private readonly Listener _listener;
    private readonly Intake _intake;
    private readonly Defences _defences;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ClientPolicy _clients;

    public SessionTerms(Listener listener, Intake intake, Defences defences, TimeProvider time, ILogger log)
    {
        _listener = listener;
        _intake = intake;
        _defences = defences;
        _time = time;
        _log = log;
        _clients = new ClientPolicy(listener.Options);
    }

    /// <summary>The session's options.</summary>
    public SmtpServerOptions Options()
    {
        var options = _listener.Options;
        return new SmtpServerOptions
        {
            HostName = _listener.HostName,
            MaxMessageBytes = options.Limits.MessageSize,
            MaxLineBytes = options.Limits.LineLength,
            LineLimitName = "limits.lineLength",
            MaxRecipients = options.Limits.Recipients,
            IdleTimeout = options.Limits.Idle,
            TransactionTimeout = options.Limits.Transaction,
            MaxErrors = options.Limits.Errors,
            IsSoft = options.Soft,
            Tls = options.Tls.Mode switch
            {
                ListenerTlsMode.Offered => SessionOffer.Offered,
                ListenerTlsMode.Required => SessionOffer.Required,
                ListenerTlsMode.Off or ListenerTlsMode.Implicit => SessionOffer.None,
            },
            Authentication = options.Authentication.Mode switch
            {
                ListenerAuthenticationMode.Offered => SessionOffer.Offered,
                ListenerAuthenticationMode.Required => SessionOffer.Required,
                ListenerAuthenticationMode.Off => SessionOffer.None,
            },
        };
    }

    /// <summary>The session's policy.</summary>
    /// <param name="identity">The client, as far as the connection shows it.</param>
    /// <param name="memory">The memory of its messages.</param>
    /// <param name="connections">Says how crowded the listener is.</param>
    /// <param name="observer">Hears what the session does.</param>
    public SmtpServerPolicy Policy(SmtpSessionIdentity identity, MessageMemory memory, ConnectionTable connections, ISessionObserver observer)
    {
        // The address of a connection does not change, so the list of networks is asked once.
        var isAdmitted = _clients.Admits(identity.Client.Address);
        return new SmtpServerPolicy
        {
            CheckSender = (client, sender, size, _) => ValueTask.FromResult(
                _clients.Refuse(client, isAdmitted)
                ?? (!ComparableAddress.Of(sender).IsNormal ? Replies.AmbiguousSender : _intake.HasRoomFor(size ?? 0) ? null : Replies.NoRoom)),
            CheckRecipient = (_, recipient, _) => ValueTask.FromResult(
                ComparableAddress.Of(recipient).IsNormal ? _intake.RefuseRecipient(recipient) : Replies.AmbiguousRecipient),
            PrefixContent = (session, envelope) => ReceivedField.Compose(session, envelope, _listener.HostName, _time.GetUtcNow()),
            ReserveMemory = (client, octets, cancellationToken) => ReserveAsync(memory, client, octets, cancellationToken),
            MinBytesPerSecond = () => connections.MinimumRate,
            StartTls = _listener.Tls is { } tls ? (transport, cancellationToken) => tls.SecureAsync(transport, identity, cancellationToken) : null,
            Authentication = _listener.Users is { } users
                ? new SmtpAuthentication { FindUser = users.Find, InventionKey = _defences.InventionKey, Admit = AdmitAsync, Attempted = Attempted, Abandoned = (client, user) => _defences.Logins.Abandoned(client.Client.Address, user) }
                : null,
            HandleMessage = (message, cancellationToken) => HandleAsync(memory, message, observer as LoggingObserver, cancellationToken),
            Observer = observer,
        };
    }

    private async ValueTask<IDisposable?> ReserveAsync(MessageMemory memory, SmtpSessionIdentity client, long octets, CancellationToken cancellationToken)
    {
        var lease = await memory.ReserveAsync(octets, cancellationToken);
        if (lease is null)
        {
            TellRefusal(client, octets);
        }

        return lease;
    }

    private async ValueTask<bool> EnsureAsync(MessageMemory memory, SmtpSessionIdentity client, long octets, CancellationToken cancellationToken)
    {
        var isGranted = await memory.EnsureAsync(octets, cancellationToken);
        if (!isGranted)
        {
            TellRefusal(client, octets);
        }

        return isGranted;
    }

    private void TellRefusal(SmtpSessionIdentity client, long octets)
    {
        _defences.Counters.CountMemoryRefusal();
        _log.NoMemory(client.SessionId, client.Client, octets, _defences.Memory.Waiting);
    }

    private async ValueTask<SmtpReply?> AdmitAsync(SmtpSessionIdentity client, string user)
    {
        if (await _defences.Logins.AdmitAsync(client.Client.Address, user) is not { } delay)
        {
            _defences.Counters.CountLoginRefused();
            _log.LoginRefused(client.SessionId, client.Client, user);
            return Replies.TooManyLogins;
        }

        if (delay > TimeSpan.Zero)
        {
            // What was let in is brought to its end, whoever hangs up meanwhile: else guesses would cost nobody time.
            await Task.Delay(delay, _time);
        }

        return null;
    }

    private void Attempted(SmtpSessionIdentity client, string user, string mechanism, bool isIn)
    {
        _defences.Counters.CountLogin(isIn);
        if (isIn)
        {
            _defences.Logins.Succeeded(client.Client.Address, user);
            _log.LoggedIn(client.SessionId, client.Client, user, mechanism);
        }
        else
        {
            _defences.Logins.Failed(client.Client.Address, user);
            _log.LoginFailed(client.SessionId, client.Client, user, mechanism);
        }
    }

    private async ValueTask<SmtpReply> HandleAsync(MessageMemory memory, ReceivedMessage message, LoggingObserver? observer, CancellationToken cancellationToken)
    {
        var content = FirstLine.Fit(message.Content, message.PrefixLength);
        var inbound = new InboundMessage(message.Session, message.Envelope, content, _time.GetUtcNow())
        {
            EnsureMemory = (octets, waiting) => EnsureAsync(memory, message.Session, octets, waiting),
        };
        var reply = (await _intake.Handle(inbound, cancellationToken)).Reply;
        observer?.IsRefusalTold = !reply.IsPositive;
        if (memory.IsLarge)
        {
            // The flush that ended the work may still have all of it on its stack, where it could not be collected once it is given back.
            await Task.Yield();
        }

        return reply;
    }
}
