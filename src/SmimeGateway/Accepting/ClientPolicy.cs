using System.Net;

namespace SmimeGateway.Accepting;

/// <summary>
/// Which clients a listener serves. A stranger is let in as far as MAIL, where it hears 550 5.7.1: a refusal in the greeting
/// (554, RFC 5321 section 3.1) carries no enhanced status, and many senders would try again for days after it.
/// </summary>
public sealed class ClientPolicy
{
    private readonly IReadOnlyList<IPNetwork> _networks;

    /// <summary>Serves the hosts of these networks.</summary>
    public ClientPolicy(IReadOnlyList<IPNetwork> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        _networks = networks;
    }

    /// <summary>True when the client is served.</summary>
    public bool Admits(IPAddress client)
    {
        ArgumentNullException.ThrowIfNull(client);
        var address = Unmap(client);
        foreach (var network in _networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The client's end of a connection. A socket for both families shows IPv4 clients as mapped IPv6 addresses, which no list of
    /// networks names; an end that is no IP address at all becomes one that belongs to nobody.
    /// </summary>
    internal static IPEndPoint Identify(EndPoint? remote) =>
        remote is IPEndPoint client ? new IPEndPoint(Unmap(client.Address), client.Port) : new IPEndPoint(IPAddress.None, 0);

    private static IPAddress Unmap(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
