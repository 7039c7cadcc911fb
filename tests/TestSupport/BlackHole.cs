using System.Net;
using System.Net.Sockets;

namespace SmimeGateway.TestSupport;

/// <summary>A port of loopback at which connections are neither made nor refused: its queue is full, and nobody takes anything out of it.</summary>
public sealed class BlackHole : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _filling = [];

    private BlackHole()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
        for (var i = 0; i < 3; i++)
        {
            // A queue of length 0 takes one, and whoever comes next hears nothing.
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _filling.Add(socket);
            try
            {
                socket.Connect(_listener.LocalEndPoint!);
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // It goes on trying, which is what is wanted.
            }
        }
    }

    /// <summary>Where it is.</summary>
    public DnsEndPoint EndPoint => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndPoint!).Port);

    /// <summary>Opens one.</summary>
    public static BlackHole Open() => new();

    /// <inheritdoc/>
    public void Dispose()
    {
        _filling.ForEach(socket => socket.Dispose());
        _listener.Dispose();
    }
}
