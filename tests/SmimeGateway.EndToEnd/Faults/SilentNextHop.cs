using System.Net;
using System.Net.Sockets;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>A server that takes connections and never says a word.</summary>
internal sealed class SilentNextHop : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _connections = [];
    private readonly Task _accepting;
    private int _count;

    public SilentNextHop()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections so far.</summary>
    public int Connections => Volatile.Read(ref _count);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(await _listener.AcceptTcpClientAsync());
                Interlocked.Increment(ref _count);
            }
        }
        catch (Exception trouble) when (trouble is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }
}
