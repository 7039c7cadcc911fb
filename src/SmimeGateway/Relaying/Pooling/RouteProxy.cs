using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using SmimeGateway.Settings;
using SmimeGateway.Smtp;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>A proxy through which the hosts of a route are reached. What passes is as good as on a connection without one: TLS begins behind it.</summary>
internal sealed class RouteProxy : ICredentials
{
    private readonly Uri _address;
    private readonly string _user;
    private readonly SecretOptions? _password;
    private readonly TimeSpan _cooldown;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _find;
    private readonly Func<IPEndPoint, CancellationToken, ValueTask<Socket>> _reach;
    private readonly ConcurrentDictionary<IPAddress, NextHopHealth> _health = new();

    private RouteProxy(
        Uri address, SecretOptions? password, TimeSpan cooldown, Func<string, CancellationToken, Task<IPAddress[]>> find, Func<IPEndPoint, CancellationToken, ValueTask<Socket>> reach)
    {
        (_find, _reach) = (find, reach);
        _address = address;
        _user = Uri.UnescapeDataString(address.UserInfo);
        _password = password;
        _cooldown = cooldown;
    }

    /// <summary>The proxy of a route, or null.</summary>
    /// <param name="route">The route.</param>
    /// <param name="cooldown">How long an address of the proxy that failed is tried after the others.</param>
    /// <param name="find">Finds its addresses; null to ask the resolver.</param>
    /// <param name="reach">Connects to one of them; null for the network.</param>
    public static RouteProxy? Of(
        RouteOptions route,
        TimeSpan cooldown = default,
        Func<string, CancellationToken, Task<IPAddress[]>>? find = null,
        Func<IPEndPoint, CancellationToken, ValueTask<Socket>>? reach = null) =>
        route.Proxy is { } address
            ? new RouteProxy(new Uri(address), route.ProxyPassword, cooldown, find ?? Dns.GetHostAddressesAsync, reach ?? NextHopSocket.ConnectAsync)
            : null;

    /// <summary>Connects to a host. Finding the proxy, each of its addresses, and what it does itself have a time of their own each.</summary>
    /// <exception cref="IOException">It was not connected; the message says why, without secrets.</exception>
    /// <exception cref="TimeoutException">The proxy was reached, and did not connect in time.</exception>
    public async ValueTask<NetworkStream> ConnectAsync(DnsEndPoint host, ConnectPatience patience, CancellationToken cancellationToken)
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

        var stream = await ReachAsync(patience, cancellationToken);
        try
        {
            return await patience.KeepAsync(
                async token =>
                {
                    await (_address.Scheme == Uri.UriSchemeHttp ? HttpTunnel.OpenAsync(stream, host, login, token) : SocksTunnel.OpenAsync(stream, host, login, token));
                    return stream;
                },
                cancellationToken);
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

    private async ValueTask<NetworkStream> ReachAsync(ConnectPatience patience, CancellationToken cancellationToken)
    {
        Exception trouble = new SocketException((int)SocketError.HostNotFound);
        try
        {
            var found = await patience.KeepAsync(
                async token => await _find(_address.IdnHost.Trim('[', ']'), token), cancellationToken);

            // As for hosts without a proxy, one that failed a moment ago costs its time once, and not each connection; here it is the last resort.
            var rested = found.Where(address => !HealthOf(address).MayTry(patience.Time.GetUtcNow(), out _)).ToList();
            foreach (var address in found.Except(rested).Concat(rested))
            {
                try
                {
                    var socket = await patience.KeepAsync(token => _reach(new IPEndPoint(address, _address.Port), token), cancellationToken);
                    HealthOf(address).Opened();
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch (Exception exception) when (exception is SocketException or TimeoutException)
                {
                    trouble = exception;
                    HealthOf(address).Failed(
                        patience.Time.GetUtcNow(), new DeliveryStatus(DeliveryAction.Delayed, new EnhancedStatus(4, 4, 1), exception.Message, null));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException)
        {
            trouble = exception;
        }

        throw new IOException($"the proxy cannot be reached: {trouble.Message.TrimEnd('.')}", trouble);
    }

    private NextHopHealth HealthOf(IPAddress address) => _health.GetOrAdd(address, static (_, cooldown) => new NextHopHealth(cooldown), _cooldown);

    private NetworkCredential? Credentials() => _password is null ? null : new NetworkCredential(_user, RouteSecret.Read(_password));
}
