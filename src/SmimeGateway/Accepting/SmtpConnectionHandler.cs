using System.IO.Pipelines;
using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;
using SmimeGateway.Accepting.Crowding;
using SmimeGateway.Accepting.Proxying;
using SmimeGateway.Smtp;

namespace SmimeGateway.Accepting;

/// <summary>Serves the connections of one listener. One instance per listener: it counts their connections.</summary>
public sealed class SmtpConnectionHandler : ConnectionHandler
{
    // How long the network may take to carry the last words of a session that we ended.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    private readonly Func<Listener> _current;
    private readonly Intake _intake;
    private readonly Defences _defences;
    private readonly TimeProvider _time;
    private readonly ILogger<SmtpConnectionHandler> _log;
    private readonly ConnectionTable _connections;

    /// <summary>Prepares to serve.</summary>
    /// <param name="current">Gives the listener as configured now; asked once for each connection, so that a reload needs no restart.</param>
    /// <param name="intake">What becomes of messages.</param>
    /// <param name="defences">What all listeners share.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Hears the story of each session.</param>
    public SmtpConnectionHandler(
        Func<Listener> current, Intake intake, Defences defences, TimeProvider time, ILogger<SmtpConnectionHandler> log)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(intake);
        ArgumentNullException.ThrowIfNull(defences);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(log);
        _current = current;
        _intake = intake;
        _defences = defences;
        _time = time;
        _log = log;
        _connections = new ConnectionTable(time);
    }

    /// <inheritdoc/>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var listener = _current();
        var peer = ClientPolicy.Identify(connection.RemoteEndPoint);
        var drain = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var open = new OpenConnection(
            _time.GetTimestamp(), reason => connection.Abort(new ConnectionAbortedException(reason)), drain);
        if (!_connections.TryEnter(open, listener.Options.Limits, out var becameCrowded))
        {
            await RefuseAsync(connection, listener, peer);
            return;
        }

        try
        {
            if (becameCrowded)
            {
                _log.Crowded(listener.Options.Name, _connections.Count, listener.Options.Limits.Connections);
            }

            await ReceiveAsync(connection, listener, peer, open);
        }
        finally
        {
            _connections.Leave(open);
        }
    }

    private async Task ReceiveAsync(ConnectionContext connection, Listener listener, IPEndPoint peer, OpenConnection open)
    {
        using var memory = new MessageMemory(_defences.Memory, open, _time);
        var transport = new WatchedPipe(connection.Transport, open, _time);
        if (await IdentifyAsync(connection, listener, peer, transport) is not { } client)
        {
            return;
        }

        if (!_connections.TryIdentify(open, client.Address, listener.Options.Limits))
        {
            await RefuseAsync(connection, listener, client);
            return;
        }

        var identity = new SmtpSessionIdentity(connection.ConnectionId, listener.Options.Name, client);
        _log.Connected(identity.SessionId, identity.ListenerName, client);
        if (listener.Options.Tls.Mode != ListenerTlsMode.Implicit)
        {
            await ServeAsync(connection, listener, identity, transport, open, memory);
        }
        else if (await SecureAsync(connection, listener, identity, transport, open) is { } secured)
        {
            await using (secured.Owner)
            {
                await ServeAsync(connection, listener, identity with { Tls = secured.Facts }, secured.Pipe, open, memory);
            }
        }
    }

    // Who comes through a balancer is who the balancer says; who does not come through one has no business here.
    private async ValueTask<IPEndPoint?> IdentifyAsync(ConnectionContext connection, Listener listener, IPEndPoint peer, WatchedPipe transport)
    {
        if (!listener.Options.ProxyProtocol)
        {
            return peer;
        }

        try
        {
            return ClientPolicy.Contains(listener.Options.Proxies, peer.Address)
                ? await ProxyReception.ReadAsync(transport.Input, peer, _time)
                : throw new FormatException("it does not come from one of the proxies");
        }
        catch (Exception exception) when (exception is FormatException or IOException)
        {
            _log.ProxyRefused(connection.ConnectionId, listener.Options.Name, peer, exception.Message);
            connection.Abort(new ConnectionAbortedException("no valid PROXY protocol header"));
            return null;
        }
    }

    private async ValueTask<SecuredTransport?> SecureAsync(
        ConnectionContext connection, Listener listener, SmtpSessionIdentity identity, IDuplexPipe transport, OpenConnection open)
    {
        try
        {
            return await listener.Tls!.SecureAsync(transport, identity, open.Departure);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            // The log knows why. What the client should read of it, an alert, is in the pipe.
            await CloseAsync(connection);
            return null;
        }
    }

    private async Task ServeAsync(
        ConnectionContext connection, Listener listener, SmtpSessionIdentity identity, IDuplexPipe transport, OpenConnection open, MessageMemory memory)
    {
        var terms = new SessionTerms(listener, _intake, _defences, _time, _log);
        var session = new SmtpServerSession(terms.Options(), terms.Policy(identity, memory, _connections, new LoggingObserver(_log, identity.SessionId)), identity, _time);
        switch (await session.RunAsync(transport, open.Departure))
        {
            case SessionEnd.Stalled:
                connection.Abort(new ConnectionAbortedException("the client does not read"));
                break;
            case SessionEnd.TimedOut or SessionEnd.TooManyErrors or SessionEnd.TooSlow or SessionEnd.OutOfStep:
                await CloseAsync(connection);
                break;
        }
    }

    // No lingering here: a flood of connections must not find places among those that were refused. A client that waits for the
    // greeting, as it should, has sent nothing, and then the reply is not lost.
    private async Task RefuseAsync(ConnectionContext connection, Listener listener, IPEndPoint client)
    {
        _defences.Counters.CountConnectionRefused();
        _log.ConnectionRefused(connection.ConnectionId, listener.Options.Name, client);
        if (listener.Options.Tls.Mode != ListenerTlsMode.Implicit)
        {
            await connection.Transport.Output.WriteAsync(Replies.TooManyConnections.Encode());
        }
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
