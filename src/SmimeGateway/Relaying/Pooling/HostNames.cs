using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SmimeGateway.Smtp;

namespace SmimeGateway.Relaying.Pooling;

/// <summary>Finds the addresses of hosts, and remembers which have none at the moment.</summary>
/// <param name="patience">How long a resolver may take.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Is told when a host loses its addresses, and when it has some again.</param>
internal sealed class HostNames(TimeSpan patience, TimeProvider time, ILogger log)
{
    private readonly ConcurrentDictionary<DnsEndPoint, (DeliveryStatus Trouble, DateTimeOffset Since)> _unknown = new();

    /// <summary>The addresses; none, with the trouble, where they cannot be found.</summary>
    public async ValueTask<(IReadOnlyList<IPAddress> Found, DeliveryStatus? Trouble)> FindAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host.Host, out var literal))
        {
            return ([literal], null);
        }

        IPAddress[] found;
        var reason = "it has none";
        try
        {
            found = await new ConnectPatience(patience, time).KeepAsync(async token => await Dns.GetHostAddressesAsync(host.Host, token), cancellationToken);
        }
        catch (SocketException exception)
        {
            (found, reason) = ([], exception.Message);
        }
        catch (TimeoutException)
        {
            (found, reason) = ([], "the directory did not answer in time");
        }

        if (found.Length > 0)
        {
            if (_unknown.TryRemove(host, out _))
            {
                RelayingLog.Resolved(log, host.Host);
            }

            return (found, null);
        }

        var trouble = new DeliveryStatus(
            DeliveryAction.Delayed, new EnhancedStatus(4, 4, 3), $"The address of {host.Host} could not be found: {reason}.", null);
        if (_unknown.TryAdd(host, (trouble, time.GetUtcNow())))
        {
            RelayingLog.NotResolved(log, host.Host, host.Port, reason);
        }

        return ([], trouble);
    }

    /// <summary>The hosts that have no address.</summary>
    public IEnumerable<NextHopStatus> Look() => _unknown.Select(known => new NextHopStatus(
        known.Key.Host, $"port {known.Key.Port}, no address", RestingUntil: null, $"{known.Value.Trouble.Status} {known.Value.Trouble.Diagnostic}", known.Value.Since, 0, 0, null));
}
