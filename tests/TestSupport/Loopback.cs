using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SmimeGateway.TestSupport;

/// <summary>Ports of 127.0.0.1 for servers that tests start.</summary>
public static class Loopback
{
    // Below the range that the kernel takes client ports from (32768 and up): a client that knocks on such a port while no server is up
    // could be given that very port, and would be connected to itself.
    private const int LowestPort = 20_000;
    private const int PortCount = 12_000;
    private static int _next = Random.Shared.Next(PortCount);

    /// <summary>A port that nobody listens on at this moment, and that this process has not given out lately.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = LowestPort + (int)((uint)Interlocked.Increment(ref _next) % PortCount);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; the next one.
            }
        }
    }

    /// <summary>True when something answers on the port with an SMTP greeting.</summary>
    public static async Task<bool> GreetsAsync(int port)
    {
        try
        {
            await using var dialog = await RawSmtpDialog.ConnectAsync(port);
            return dialog.Greeting.Code == 220;
        }
        catch (Exception trouble) when (trouble is SocketException or IOException)
        {
            return false;
        }
    }

    /// <summary>True when the kernel knows a socket that is connected to this client port; both ends of the connection are on this machine.</summary>
    public static bool HasServerEnd(int clientPort)
    {
        // The third column is the address of the other side, with its port in hexadecimal.
        var remote = string.Create(CultureInfo.InvariantCulture, $":{clientPort:X4}");
        return File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6"))
            .Any(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, var other, ..] && other.EndsWith(remote, StringComparison.Ordinal));
    }
}
