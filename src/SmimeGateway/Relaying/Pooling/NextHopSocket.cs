using System.Net;
using System.Net.Sockets;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>
/// Sockets to next hops that notice when the other side is gone without a word. SMTP waits for minutes, and rightly so: a server may think
/// for long, or read slowly. A machine that is not there any more does not even acknowledge, which is another matter.
/// </summary>
internal static class NextHopSocket
{
    /// <summary>How long the other side may leave octets unacknowledged, or questions whether it is there.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // TCP_INFO of Linux; the framework has no name for it. The offsets are those of struct tcp_info in linux/tcp.h, which only grows.
    private const int LevelTcp = 6;
    private const int Facts = 11;
    private const int FactBytes = 60;
    private const int OffsetOfUnacknowledged = 24;
    private const int OffsetOfLastAcknowledgement = 56;

    /// <summary>Connects, or throws as sockets do.</summary>
    public static async ValueTask<Socket> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            Prepare(socket);
            await socket.ConnectAsync(endPoint, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sets what every connection for mail has.</summary>
    public static void Prepare(Socket socket)
    {
        // Without it the second write of every message waits for the acknowledgement of the first.
        socket.NoDelay = true;
        KeepAlive(socket);
    }

    /// <summary>
    /// True when octets are under way and nothing was acknowledged for that long. A server that merely does not read has none under way: it
    /// acknowledged all it let us send.
    /// </summary>
    public static bool IsSilent(Socket socket, TimeSpan patience)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        Span<byte> facts = stackalloc byte[FactBytes];
        return socket.GetRawSocketOption(LevelTcp, Facts, facts) >= FactBytes
            && BitConverter.ToUInt32(facts[OffsetOfUnacknowledged..]) > 0
            && BitConverter.ToUInt32(facts[OffsetOfLastAcknowledgement..]) > patience.TotalMilliseconds;
    }

    // For the time when all is acknowledged and a reply is waited for. TCP_USER_TIMEOUT would do for both, but gives up slow readers, too.
    private static void KeepAlive(Socket socket)
    {
        const int Questions = 3;
        var seconds = (int)Patience.TotalSeconds;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, seconds / 2);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, seconds / 2 / Questions);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Questions);
    }
}
