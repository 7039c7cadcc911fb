using System.Net;
using SmimeGateway.Smtp;

namespace SmimeGateway.Accepting;

/// <summary>
/// Who may relay through a listener. What is offered opens another door: a client from a foreign network may log in or show a
/// certificate. What is required is another lock: clients from the networks need it, too. A stranger is let in as far as MAIL, where it
/// hears 550 5.7.1: a refusal in the greeting (554, RFC 5321 section 3.1) carries no enhanced status, and many senders would try again
/// for days after it.
/// </summary>
public sealed class ClientPolicy
{
    private readonly ListenerOptions _options;

    /// <summary>The policy of a listener.</summary>
    public ClientPolicy(ListenerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <summary>True when the client's network is one of those served.</summary>
    public bool Admits(IPAddress client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return Contains(_options.Clients, client);
    }

    /// <summary>
    /// The reply that refuses a client, or null when it may relay. That a login or a certificate is there where it is required, the
    /// session and the handshake have seen to.
    /// </summary>
    /// <param name="client">Who asks, as far as is known by now.</param>
    /// <param name="isAdmitted">What <see cref="Admits"/> said of its address.</param>
    public SmtpReply? Refuse(SmtpSessionIdentity client, bool isAdmitted)
    {
        ArgumentNullException.ThrowIfNull(client);
        var mayLogIn = _options.Authentication.Mode == ListenerAuthenticationMode.Offered;
        var isKnown = (mayLogIn && client.User is not null)
            || (_options.Tls.ClientCertificates.Mode == ClientCertificateMode.Offered && client.Tls?.PeerCertificate is not null);
        return isAdmitted || isKnown ? null : mayLogIn ? Replies.LoginNeeded : Replies.ClientNotAllowed;
    }

    /// <summary>True when one of the networks contains the address.</summary>
    internal static bool Contains(IReadOnlyList<IPNetwork> networks, IPAddress address)
    {
        address = Unmap(address);
        foreach (var network in networks)
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
