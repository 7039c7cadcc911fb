using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SmimeGateway.TestSupport.Faults;

/// <summary>Stands between a client and a server of 127.0.0.1, changes nothing, and remembers every octet: what a capture would show.</summary>
public sealed class RecordingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentBag<RecordedConnection> _connections = [];
    private readonly int _targetPort;
    private readonly Task _accepting;

    /// <summary>Starts listening.</summary>
    /// <param name="targetPort">Where everything goes.</param>
    public RecordingProxy(int targetPort)
    {
        _targetPort = targetPort;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>The port it listens on.</summary>
    public int Port { get; }

    /// <summary>All connections so far.</summary>
    public IReadOnlyCollection<RecordedConnection> Connections => _connections;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _accepting;
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }

        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_closing.Token);
                var server = new TcpClient();
                await server.ConnectAsync(IPAddress.Loopback, _targetPort, _closing.Token);
                _connections.Add(new RecordedConnection(client, server));
            }
            catch (Exception trouble) when (trouble is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
