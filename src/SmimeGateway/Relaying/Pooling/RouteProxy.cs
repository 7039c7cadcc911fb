using System.Net;
using System.Net.Sockets;
using SmimeGateway.Settings;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>A proxy through which the hosts of a route are reached. What passes is as good as on a connection without one: TLS begins behind it.</summary>
internal sealed class RouteProxy : ICredentials
{
    private readonly Uri _address;
    private readonly string _user;
    private readonly SecretOptions? _password;

    private RouteProxy(Uri address, SecretOptions? password)
    {
        _address = address;
        _user = Uri.UnescapeDataString(address.UserInfo);
        _password = password;
    }

    /// <summary>The proxy of a route, or null.</summary>
    public static RouteProxy? Of(RouteOptions route) => route.Proxy is { } address ? new RouteProxy(new Uri(address), route.ProxyPassword) : null;

    /// <summary>Connects to a host.</summary>
    /// <exception cref="IOException">It was not connected; the message says why, without secrets.</exception>
    public async ValueTask<NetworkStream> ConnectAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        NetworkCredential? login;
        try
        {
            login = Credentials();
        }
        catch (CredentialsUnavailableException exception)
        {
            throw new IOException(exception.Message.TrimEnd('.'), exception);
        }

        var stream = await ReachAsync(cancellationToken);
        try
        {
            await (_address.Scheme == Uri.UriSchemeHttp
                ? HttpTunnel.OpenAsync(stream, host, login, cancellationToken)
                : SocksTunnel.OpenAsync(stream, host, login, cancellationToken));
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same for what speaks HTTP; its password, too, is read anew.</summary>
    public IWebProxy MakeWebProxy() => new WebProxy(new Uri(ToString())) { Credentials = this };

    /// <inheritdoc/>
    NetworkCredential? ICredentials.GetCredential(Uri uri, string authType)
    {
        try
        {
            return Credentials();
        }
        catch (CredentialsUnavailableException)
        {
            // The proxy then says that it wants one; the connection for mail says what is wrong with it.
            return null;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_address.Scheme}://{_address.Host}:{_address.Port}";

    private async ValueTask<NetworkStream> ReachAsync(CancellationToken cancellationToken)
    {
        try
        {
            SocketException? trouble = null;
            foreach (var found in await Dns.GetHostAddressesAsync(_address.IdnHost.Trim('[', ']'), cancellationToken))
            {
                try
                {
                    return new NetworkStream(await NextHopSocket.ConnectAsync(new IPEndPoint(found, _address.Port), cancellationToken), ownsSocket: true);
                }
                catch (SocketException exception)
                {
                    trouble = exception;
                }
            }

            throw trouble ?? new SocketException((int)SocketError.HostNotFound);
        }
        catch (SocketException exception)
        {
            throw new IOException($"the proxy cannot be reached: {exception.Message}", exception);
        }
    }

    private NetworkCredential? Credentials() => _password is null ? null : new NetworkCredential(_user, RouteSecret.Read(_password));
}
