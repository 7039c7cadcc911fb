using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;
using SmimeGateway.Smtp;

namespace SmimeGateway.Accepting;

/// <summary>Serves the connections of one listener. One instance per listener: it counts their connections.</summary>
public sealed class SmtpConnectionHandler : ConnectionHandler
{
    // How long the network may take to carry the last words of a session that we ended.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    private readonly Func<Listener> _current;
    private readonly Func<InboundMessage, CancellationToken, ValueTask<Outcome>> _handle;
    private readonly Func<MailPath, SmtpReply?> _refuseRecipient;
    private readonly Func<long, bool> _hasRoomFor;
    private readonly TimeProvider _time;
    private readonly ILogger<SmtpConnectionHandler> _log;
    private readonly LoggingObserver _observer;
    private readonly ConnectionCount _connections = new();

    /// <summary>Prepares to serve.</summary>
    /// <param name="current">Gives the listener as configured now; asked once for each connection, so that a reload needs no restart.</param>
    /// <param name="handle">Takes each message; its outcome is the reply.</param>
    /// <param name="refuseRecipient">Gives the reply that refuses a recipient, or null.</param>
    /// <param name="hasRoomFor">Says whether a message of so many octets could be stored, so that nobody sends one in vain.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Hears the story of each session.</param>
    public SmtpConnectionHandler(
        Func<Listener> current,
        Func<InboundMessage, CancellationToken, ValueTask<Outcome>> handle,
        Func<MailPath, SmtpReply?> refuseRecipient,
        Func<long, bool> hasRoomFor,
        TimeProvider time,
        ILogger<SmtpConnectionHandler> log)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(handle);
        ArgumentNullException.ThrowIfNull(refuseRecipient);
        ArgumentNullException.ThrowIfNull(hasRoomFor);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(log);
        _current = current;
        _handle = handle;
        _refuseRecipient = refuseRecipient;
        _hasRoomFor = hasRoomFor;
        _time = time;
        _log = log;
        _observer = new LoggingObserver(log);
    }

    /// <inheritdoc/>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var listener = _current();
        var client = ClientPolicy.Identify(connection.RemoteEndPoint);
        if (!_connections.TryEnter(client.Address, listener.Options.Limits))
        {
            _log.ConnectionRefused(connection.ConnectionId, listener.Options.Name, client);
            await connection.Transport.Output.WriteAsync(Replies.TooManyConnections.Encode());
            await CloseAsync(connection);
            return;
        }

        try
        {
            await ServeAsync(connection, listener, client);
        }
        finally
        {
            _connections.Leave(client.Address);
        }
    }

    private async Task ServeAsync(ConnectionContext connection, Listener listener, IPEndPoint client)
    {
        var identity = new SmtpSessionIdentity(connection.ConnectionId, listener.Options.Name, client);
        _log.Connected(identity.SessionId, identity.ListenerName, client);
        var drain = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        var session = new SmtpServerSession(Options(listener), Policy(listener, client), identity, _time);
        switch (await session.RunAsync(connection.Transport, drain))
        {
            case SessionEnd.Stalled:
                connection.Abort(new ConnectionAbortedException("the client does not read"));
                break;
            case SessionEnd.TimedOut or SessionEnd.TooManyErrors:
                await CloseAsync(connection);
                break;
        }
    }

    private static SmtpServerOptions Options(Listener listener)
    {
        var limits = listener.Options.Limits;
        return new SmtpServerOptions
        {
            HostName = listener.HostName,
            MaxMessageBytes = limits.MessageSize,
            MaxRecipients = limits.Recipients,
            IdleTimeout = limits.Idle,
            TransactionTimeout = limits.Transaction,
            MaxErrors = limits.Errors,
        };
    }

    private SmtpServerPolicy Policy(Listener listener, IPEndPoint client)
    {
        // The address of a connection does not change, so the list of networks is asked once.
        var refusal = new ClientPolicy(listener.Options.Clients).Admits(client.Address) ? null : Replies.ClientNotAllowed;
        return new SmtpServerPolicy
        {
            CheckSender = (_, _, size, _) =>
                ValueTask.FromResult(refusal ?? (_hasRoomFor(size ?? 0) ? null : Replies.NoRoom)),
            CheckRecipient = (_, recipient, _) => ValueTask.FromResult(_refuseRecipient(recipient)),
            PrefixContent = (session, envelope) => ReceivedField.Compose(session, envelope, listener.HostName, _time.GetUtcNow()),
            HandleMessage = HandleAsync,
            Observer = _observer,
        };
    }

    private async ValueTask<SmtpReply> HandleAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        var inbound = new InboundMessage(message.Session, message.Envelope, message.Content, _time.GetUtcNow());
        return (await _handle(inbound, cancellationToken)).Reply;
    }

    // A client that has been told to go may not read that. The connection ends when it has, or when it had time enough.
    private async Task CloseAsync(ConnectionContext connection)
    {
        await connection.Transport.Output.CompleteAsync();
        using var patience = new CancellationTokenSource(Linger, _time);
        try
        {
            while (true)
            {
                var read = await connection.Transport.Input.ReadAsync(patience.Token);
                connection.Transport.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            connection.Abort(new ConnectionAbortedException("the session is over"));
        }
    }
}
