using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SmimeGateway.TestSupport;

/// <summary>
/// A next hop that takes all mail at full speed, remembers when each final dot was answered, and answers otherwise where a test says
/// so. It offers everything a modern server does, so that nothing has to be converted on the way to it.
/// </summary>
public sealed class CollectingNextHop : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentQueue<CollectedMessage> _messages = new();
    private readonly ConcurrentBag<TcpClient> _connections = [];
    private readonly Task _accepting;

    /// <summary>Starts listening on 127.0.0.1.</summary>
    /// <param name="port">The port; 0 for any free one.</param>
    public CollectingNextHop(int port = 0)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>The port it listens on.</summary>
    public int Port { get; }

    /// <summary>Everything taken so far, in the order of its final dots.</summary>
    public IReadOnlyCollection<CollectedMessage> Messages => _messages;

    /// <summary>The keywords offered after EHLO, besides STARTTLS and AUTH. CHUNKING and DSN are understood where they are added.</summary>
    public IReadOnlyList<string> Extensions { get; set; } = ["PIPELINING", "SIZE 104857600", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"];

    /// <summary>How it encrypts; null does not. Where it can, mail in plain is refused unless <see cref="TakesPlain"/> says otherwise.</summary>
    public NextHopTls? Tls { get; set; }

    /// <summary>True takes mail in plain though it could encrypt.</summary>
    public bool TakesPlain { get; set; }

    /// <summary>The reply to somebody who logs in; null offers no AUTH. Where it is offered, mail without is refused.</summary>
    public Func<CollectedLogin, string>? ReplyToLogin { get; set; }

    /// <summary>The mechanisms offered, of PLAIN, LOGIN and XOAUTH2.</summary>
    public string Mechanisms { get; set; } = "PLAIN LOGIN XOAUTH2";

    /// <summary>Every attempt to log in.</summary>
    public ConcurrentQueue<CollectedLogin> Logins { get; } = new();

    /// <summary>The reply to a RCPT for the given address.</summary>
    public Func<string, string> ReplyToRecipient { get; set; } = _ => "250 2.1.5 taken";

    /// <summary>The reply to the final dot. A reply that is not 2yz means the message was not taken.</summary>
    public Func<CollectedMessage, string> ReplyToDot { get; set; } = _ => "250 2.0.0 taken";

    /// <summary>No final dot is answered before this task ends: a next hop that is slow, with all that was sent to it under way.</summary>
    public Task Pace { get; set; } = Task.CompletedTask;

    /// <summary>Waits until so many messages were taken, and returns them.</summary>
    public async Task<IReadOnlyList<CollectedMessage>> ReceivesAsync(int count, TimeSpan? deadline = null)
    {
        await Eventually.TrueAsync(() => _messages.Count >= count, deadline, $"{count} messages at the next hop (it has {_messages.Count})");
        return [.. _messages];
    }

    /// <summary>Forgets what was taken.</summary>
    public void Clear() => _messages.Clear();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _accepting;
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        _closing.Dispose();
    }

    internal bool Take(CollectedMessage message, out string reply)
    {
        reply = ReplyToDot(message);
        var isTaken = reply.StartsWith('2');
        if (isTaken)
        {
            _messages.Enqueue(message);
        }

        return isTaken;
    }

    private async Task AcceptAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                var connection = await _listener.AcceptTcpClientAsync(_closing.Token);
                connection.NoDelay = true;
                _connections.Add(connection);
                _ = new CollectingSession(this, connection).RunAsync();
            }
            catch (Exception trouble) when (trouble is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
