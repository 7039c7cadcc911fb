using System.Collections.Concurrent;
using System.Net.Sockets;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>Closes the connections of a route whose other side has vanished, so that a message tries another one instead of waiting for minutes.</summary>
internal sealed class SilenceWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Socket, byte> _sockets = new();
    private readonly ITimer _timer;

    public SilenceWatch(TimeProvider time) =>
        _timer = time.CreateTimer(static state => ((SilenceWatch)state!).Look(), this, Pause, Pause);

    /// <summary>Watches a connection until it is closed.</summary>
    public void Add(Socket socket) => _sockets.TryAdd(socket, 0);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Look()
    {
        foreach (var (socket, _) in _sockets)
        {
            try
            {
                if (!socket.SafeHandle.IsClosed && !NextHopSocket.IsSilent(socket, NextHopSocket.Patience))
                {
                    continue;
                }
            }
            catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
            {
                // It was closed just now.
            }

            _sockets.TryRemove(socket, out _);

            // Whoever waits on it hears that the connection broke.
            socket.Dispose();
        }
    }
}
