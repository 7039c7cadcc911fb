using System.Net;
using System.Net.Sockets;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>Sockets to next hops that notice when the other side is gone without a word.</summary>
internal static class NextHopSocket
{
    // SMTP waits for minutes, and rightly so: a server may think for long. A machine that is not there any more does not even acknowledge,
    // which is another matter, and must not keep a connection for ten minutes.
    private const int SecondsWithoutAcknowledgement = 30;

    // TCP_USER_TIMEOUT of Linux (RFC 5482), in milliseconds; the framework has no name for it.
    private const int LevelTcp = 6;
    private const int UserTimeout = 18;

    /// <summary>Connects, or throws as sockets do.</summary>
    public static async ValueTask<Socket> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        // Without NoDelay the second write of every message waits for the acknowledgement of the first.
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            Watch(socket);
            await socket.ConnectAsync(endPoint, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Watch(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, SecondsWithoutAcknowledgement / 2);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, SecondsWithoutAcknowledgement / 6);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        if (OperatingSystem.IsLinux())
        {
            socket.SetRawSocketOption(LevelTcp, UserTimeout, BitConverter.GetBytes(SecondsWithoutAcknowledgement * 1000));
        }
    }
}
