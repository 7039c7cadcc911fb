using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SmimeGateway.Relaying.Securing;
using SmimeGateway.Smtp;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>Opens sessions: hosts in the order given, every address of each, skipping those that failed a short while ago.</summary>
/// <param name="options">The hosts.</param>
/// <param name="client">Name, timeouts, encryption and credentials.</param>
/// <param name="security">What the route asks of a connection; null without TLS.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Hears of connections.</param>
internal sealed class NextHopConnector(
    NextHopOptions options, SmtpClientOptions client, RouteSecurity? security, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private const int SubjectSecurity = 7;

    private readonly ConcurrentDictionary<EndPoint, NextHopAddress> _addresses = new();
    private readonly HostNames _names = new(options.Connect, time, log);
    private readonly SilenceWatch _watch = new(time);
    private readonly SmtpClientOptions _impatient =
        client with { Timeouts = client.Timeouts with { Greeting = Shorter(client.Timeouts.Greeting, options.GreetingBesideOthers) } };

    /// <summary>Every address that was tried.</summary>
    public IEnumerable<NextHopAddress> Addresses => _addresses.Values;

    /// <summary>Every address that was tried, and every host without one.</summary>
    public IEnumerable<NextHopStatus> Look() => Addresses.Select(address => address.Look()).Concat(_names.Look());

    /// <summary>Opens a session with the first host that answers.</summary>
    /// <param name="avoid">A host that just failed this message; tried only by other messages, unless it is the only one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<NextHopConnection> ConnectAsync(DnsEndPoint? avoid, CancellationToken cancellationToken)
    {
        NextHopConnection? failed = null;
        foreach (var host in options.Hosts)
        {
            if (host == avoid && options.Hosts.Count > 1)
            {
                continue;
            }

            var connection = await ConnectToAsync(host, cancellationToken);
            if (connection.IsOpen)
            {
                return connection;
            }

            failed = failed is { IsBusy: true } ? failed : connection;
        }

        return failed ?? new NextHopConnection(null, NoAnswer("No host is configured", null));
    }

    /// <summary>Connections that are at work are watched no more; their own deadlines remain.</summary>
    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    private async ValueTask<NextHopConnection> ConnectToAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        if (options.Proxy is not null)
        {
            return await ConnectToAsync(AddressOf(host, endPoint: null), options.Hosts.Count > 1, cancellationToken);
        }

        var (addresses, trouble) = await _names.FindAsync(host, cancellationToken);
        if (trouble is not null)
        {
            return new NextHopConnection(null, trouble);
        }

        var hasOthers = addresses.Count + options.Hosts.Count > 2;
        NextHopConnection failed = default;
        foreach (var found in addresses)
        {
            var connection = await ConnectToAsync(AddressOf(host, new IPEndPoint(found, host.Port)), hasOthers, cancellationToken);
            if (connection.IsOpen)
            {
                return connection;
            }

            failed = failed.IsBusy ? failed : connection;
        }

        return failed;
    }

    private NextHopAddress AddressOf(DnsEndPoint host, IPEndPoint? endPoint) => _addresses.GetOrAdd(
        (EndPoint?)endPoint ?? host, static (_, known) => new NextHopAddress(known.host, known.endPoint, known.options), (host, endPoint, options));

    private async ValueTask<NextHopConnection> ConnectToAsync(NextHopAddress address, bool hasOthers, CancellationToken cancellationToken)
    {
        if (!address.TryReserve())
        {
            return new NextHopConnection(null, Busy(address.Host)) { IsBusy = true };
        }

        NextHopConnection connection = default;
        try
        {
            if (!address.Health.MayTry(time.GetUtcNow(), out var earlier))
            {
                return connection = new NextHopConnection(null, earlier);
            }

            connection = await OpenAsync(address, hasOthers ? _impatient : client, cancellationToken);
            if (connection.IsOpen)
            {
                address.Opened();
                return connection;
            }

            address.Health.Failed(time.GetUtcNow(), connection.Trouble);
            Tell(address, connection.Trouble);
            return connection;
        }
        finally
        {
            if (!connection.IsOpen)
            {
                address.Release();
            }
        }
    }

    private async ValueTask<NextHopConnection> OpenAsync(NextHopAddress address, SmtpClientOptions with, CancellationToken cancellationToken)
    {
        // A next hop that wants to know who we are would refuse, and not say why.
        if (security?.Identity?.FindFault() is { } fault)
        {
            return new NextHopConnection(null, new DeliveryStatus(DeliveryAction.Delayed, new EnhancedStatus(4, 7, 0), fault, null));
        }

        var connection = await ConnectAndGreetAsync(address, with, cancellationToken);
        if (connection.Trouble is not { } trouble || !connection.MayTryWithoutTls)
        {
            return connection.Result;
        }

        RelayingLog.TryingWithoutTls(log, address.Shown, trouble.Diagnostic);
        return (await ConnectAndGreetAsync(address, with with { Tls = null }, cancellationToken)).Result;
    }

    private async ValueTask<Greeted> ConnectAndGreetAsync(NextHopAddress address, SmtpClientOptions with, CancellationToken cancellationToken)
    {
        var host = address.Host;
        NetworkStream stream;
        try
        {
            stream = await address.ConnectAsync(time, cancellationToken);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return new Greeted(NoAnswer($"Connecting to {address.Goal} failed: {exception.Message}", host));
        }
        catch (TimeoutException)
        {
            return new Greeted(NoAnswer($"Connecting to {address.Goal} took longer than {options.Connect.TotalSeconds:0} seconds", host));
        }

        _watch.Add(stream.Socket);
        var opening = await SmtpClientSession.OpenAsync(stream, host.Host, with, time, cancellationToken);
        if (!opening.IsOpen)
        {
            return new Greeted(opening.Trouble) { MayTryWithoutTls = opening.MayTryWithoutTls };
        }

        address.Security = opening.Session.Tls is { } tls ? $"{tls.Protocol} {tls.CipherSuite}" : null;
        RelayingLog.Connected(log, address.Shown, address.Security ?? "plain");
        return new Greeted(null) { Session = new PooledSession(opening.Session, address, time.GetTimestamp()) };
    }

    // Trouble with certificates and passwords does not pass by itself: somebody has to do something.
    private void Tell(NextHopAddress address, DeliveryStatus trouble)
    {
        if (!address.IsNews(trouble))
        {
            return;
        }

        if (trouble.Status.Subject == SubjectSecurity)
        {
            RelayingLog.NotSecured(log, address.Shown, options.Cooldown, trouble.Diagnostic);
        }
        else
        {
            RelayingLog.NotConnected(log, address.Shown, trouble.Diagnostic, options.Cooldown);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static DeliveryStatus NoAnswer(string why, DnsEndPoint? host) =>
        new(DeliveryAction.Delayed, new EnhancedStatus(4, 4, 1), $"{why}.", host?.Host);

    private static DeliveryStatus Busy(DnsEndPoint host) =>
        new(DeliveryAction.Delayed, new EnhancedStatus(4, 4, 5), "All connections to the next hop are busy.", host.Host);

    /// <summary>What connecting once came to.</summary>
    private readonly record struct Greeted(DeliveryStatus? Trouble)
    {
        public PooledSession? Session { get; init; }

        public bool MayTryWithoutTls { get; init; }

        public NextHopConnection Result => new(Session, Trouble);
    }
}
