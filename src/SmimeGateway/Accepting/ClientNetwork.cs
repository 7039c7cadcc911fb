using System.Net;
using System.Net.Sockets;

namespace SmimeGateway.Accepting;

/// <summary>The network by which a client is counted: its IPv4 address, or its IPv6 /64, of which a single host has all addresses.</summary>
internal static class ClientNetwork
{
    /// <summary>The first address of the network.</summary>
    public static IPAddress Of(IPAddress client)
    {
        if (client.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return client;
        }

        var bytes = client.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
