using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SmimeGateway.Smtp;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>Opens sessions: hosts in the order given, every address of each, skipping those that failed a short while ago.</summary>
internal sealed class NextHopConnector(NextHopOptions options, SmtpClientOptions client, TimeProvider time, ILogger log)
{
    private readonly ConcurrentDictionary<EndPoint, NextHopHealth> _health = new();

    /// <summary>Opens a session with the first host that answers.</summary>
    /// <param name="avoid">A host that just failed this message; tried only by other messages, unless it is the only one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<NextHopConnection> ConnectAsync(DnsEndPoint? avoid, CancellationToken cancellationToken)
    {
        DeliveryStatus? trouble = null;
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

            trouble = connection.Trouble;
        }

        return new NextHopConnection(null, trouble ?? NoAnswer("No host is configured", null));
    }

    private async ValueTask<NextHopConnection> ConnectToAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(host.Host, out var literal) ? [literal] : await ResolveAsync(host, cancellationToken);
        }
        catch (SocketException exception)
        {
            return new NextHopConnection(null, NoAddress(host, exception.Message));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new NextHopConnection(null, NoAddress(host, "the directory did not answer in time"));
        }

        var trouble = NoAddress(host, "it has none");
        foreach (var address in addresses)
        {
            var endPoint = new IPEndPoint(address, host.Port);
            var health = _health.GetOrAdd(endPoint, static (_, pause) => new NextHopHealth(pause), options.Cooldown);
            if (!health.MayTry(time.GetUtcNow(), out var earlier))
            {
                trouble = earlier!;
                continue;
            }

            var connection = await OpenAsync(host, endPoint, cancellationToken);
            if (connection.IsOpen)
            {
                health.Succeeded();
                RelayingLog.Connected(log, host.Host, endPoint);
                return connection;
            }

            trouble = connection.Trouble;
            health.Failed(time.GetUtcNow(), trouble);
            RelayingLog.NotConnected(log, host.Host, endPoint, trouble.Diagnostic, options.Cooldown);
        }

        return new NextHopConnection(null, trouble);
    }

    private async Task<IPAddress[]> ResolveAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.Connect, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        return await Dns.GetHostAddressesAsync(host.Host, either.Token);
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The session owns the stream and the socket once it is asked to open.")]
    private async ValueTask<NextHopConnection> OpenAsync(DnsEndPoint host, IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        // Without NoDelay the second write of every message waits for the acknowledgement of the first.
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (var deadline = new CancellationTokenSource(options.Connect, time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken))
        {
            try
            {
                await socket.ConnectAsync(endPoint, either.Token);
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                return new NextHopConnection(null, NoAnswer($"Connecting to {endPoint} failed: {exception.Message}", host));
            }
            catch (OperationCanceledException)
            {
                socket.Dispose();
                cancellationToken.ThrowIfCancellationRequested();
                return new NextHopConnection(null, NoAnswer($"Connecting to {endPoint} took longer than {options.Connect.TotalSeconds:0} seconds", host));
            }
        }

        var opening = await SmtpClientSession.OpenAsync(
            new NetworkStream(socket, ownsSocket: true), host.Host, client, time, cancellationToken);
        return opening.IsOpen
            ? new NextHopConnection(new PooledSession(opening.Session, host, time.GetTimestamp()), null)
            : new NextHopConnection(null, opening.Trouble);
    }

    private static DeliveryStatus NoAnswer(string why, DnsEndPoint? host) =>
        new(DeliveryAction.Delayed, new EnhancedStatus(4, 4, 1), $"{why}.", host?.Host);

    private static DeliveryStatus NoAddress(DnsEndPoint host, string why) =>
        new(DeliveryAction.Delayed, new EnhancedStatus(4, 4, 3), $"The address of {host.Host} could not be found: {why}.", null);
}
