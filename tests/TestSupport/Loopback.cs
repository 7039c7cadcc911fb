using System.Net;
using System.Net.Sockets;

namespace SmimeGateway.TestSupport;

/// <summary>Ports of 127.0.0.1 for servers that tests start.</summary>
public static class Loopback
{
    /// <summary>A port that nobody listens on at this moment.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
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
}
