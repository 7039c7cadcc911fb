using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using SmimeGateway.Accepting;

namespace SmimeGateway.Host;

/// <summary>The sockets of the SMTP listeners.</summary>
internal static class ListenerSocket
{
    private const int FirstOpenPort = 1024;

    /// <summary>Takes the endpoint of a listener.</summary>
    /// <exception cref="IOException">The system refuses it; the message says which listener, why, and what to do.</exception>
    public static Socket Bind(ListenerOptions listener)
    {
        try
        {
            return SocketTransportOptions.CreateDefaultBoundListenSocket(listener.Endpoint);
        }
        catch (SocketException refused)
        {
            throw new IOException($"listener \"{listener.Name}\" cannot listen on {listener.Endpoint}: {Explain(refused, listener.Endpoint.Port)}", refused);
        }
    }

    /// <summary>Why an endpoint cannot be had, and what to do, in sentences.</summary>
    public static string Explain(SocketException refused, int port) => refused.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            $"another program has the port. \"ss -ltnp 'sport = :{port}'\" shows which; stop it, or name another endpoint.",
        SocketError.AccessDenied when port < FirstOpenPort =>
            "this account may not open ports below 1024. Grant it CAP_NET_BIND_SERVICE (AmbientCapabilities= in a systemd unit), or name a higher port.",
        SocketError.AddressNotAvailable => "this machine has no such address. Name one of its own, or 0.0.0.0 for all.",
        _ => refused.Message + ".",
    };
}
