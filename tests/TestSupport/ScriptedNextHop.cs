using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace SmimeGateway.TestSupport;

/// <summary>
/// A next hop on a real loopback socket that answers as a test tells it: well-behaved unless scripted otherwise. Commands are the verbs in
/// upper case, and GREETING for the moment after connecting, HANDSHAKE for that of TLS, RESPONSE for what follows a 334, BDAT for a chunk
/// that is not the last, and DOT for the end of the content, however it was sent.
/// </summary>
public sealed class ScriptedNextHop : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly HashSet<string> _reached = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _sessions = [];
    private readonly ConcurrentDictionary<int, Socket> _open = new();
    private readonly Task _accepting;
    private int _connections;
    private int _mostOpen;

    private ScriptedNextHop()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The keywords offered after EHLO.</summary>
    public IReadOnlyList<string> Extensions { get; set; } = ["PIPELINING", "SIZE 52428800", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"];

    /// <summary>The keywords offered after EHLO under TLS; null for those in plain without STARTTLS.</summary>
    public IReadOnlyList<string>? ExtensionsUnderTls { get; set; }

    /// <summary>How it encrypts; null does not. STARTTLS is offered only where <see cref="Extensions"/> names it.</summary>
    public NextHopTls? Tls { get; set; }

    /// <summary>The script: command and its whole line to a reply, or null for the ordinary one. Called for one command at a time.</summary>
    public Func<string, string, ScriptedReply?> Script { get; set; } = (_, _) => null;

    /// <summary>The port of 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Where it listens.</summary>
    public DnsEndPoint EndPoint => new("127.0.0.1", Port);

    /// <summary>Everything taken in up to the final dot.</summary>
    public ConcurrentQueue<ScriptedMessage> Messages { get; } = new();

    /// <summary>Every command line of every connection, in the order of arrival, and "(TLS)" for each handshake that succeeded.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>What each read from a socket brought: how the client grouped its writes.</summary>
    public ConcurrentQueue<string> Reads { get; } = new();

    /// <summary>Connections accepted so far.</summary>
    public int Connections => _connections;

    /// <summary>Connections open now.</summary>
    public int OpenConnections => _open.Count;

    /// <summary>The most connections that were open at a time.</summary>
    public int MostOpenConnections => _mostOpen;

    /// <summary>Starts listening on a free port.</summary>
    public static ScriptedNextHop Start() => new();

    /// <summary>Starts one that answers the given command in the given way, every time.</summary>
    public static ScriptedNextHop Start(string command, ScriptedReply reply) =>
        new() { Script = (verb, _) => verb == command ? reply : null };

    /// <summary>Resets every open connection.</summary>
    public void DropAll()
    {
        foreach (var socket in _open.Values)
        {
            socket.Close(0);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        DropAll();
        await _accepting;
        await Task.WhenAll(_sessions);
        _stop.Dispose();
    }

    /// <summary>Whether a client has come to a command, or to one of the moments that have a name. Before, a clock that runs is the client's other steps' as well.</summary>
    public bool HasReached(string command)
    {
        lock (_stop)
        {
            return _reached.Contains(command);
        }
    }

    internal ScriptedReply? Ask(string command, string line)
    {
        lock (_stop)
        {
            _reached.Add(command);
            return Script(command, line);
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                socket.NoDelay = true;
                var number = Interlocked.Increment(ref _connections);
                _open[number] = socket;
                _mostOpen = Math.Max(_mostOpen, _open.Count);
                _sessions.Add(ServeAsync(number, socket));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    private async Task ServeAsync(int number, Socket socket)
    {
        try
        {
            await using var session = new ScriptedSession(this, new NetworkStream(socket, ownsSocket: true), _stop.Token);
            await session.RunAsync();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException or SocketException or AuthenticationException)
        {
            // The client went away, or would not shake hands, or the test ended.
        }
        finally
        {
            _open.TryRemove(number, out _);
        }
    }
}
