using System.Net;
using System.Net.Sockets;
using SmimeGateway.Host.Configuration.Binding;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>The hosts of routes have addresses.</summary>
internal static class NextHopsCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>One finding for each host, looked up side by side.</summary>
    public static async Task<IReadOnlyList<CheckFinding>> CheckAsync(GatewayOptions options, CancellationToken cancellationToken)
    {
        // Behind a proxy only the proxy knows where a host is.
        var hosts = options.Routes.Where(route => route.Proxy is null).SelectMany(route => route.Hosts).Distinct().Select(host => (Subject: $"next hop {NetworkText.Format(host)}", Host: host));
        var proxies = options.Routes.Select((route, i) => (route.Proxy, Route: $"routes[{i}]")).Where(each => each.Proxy is not null)
            .GroupBy(each => HostOf(new Uri(each.Proxy!)), each => each.Route)
            .Select(proxy => (Subject: $"proxy {NetworkText.Format(proxy.Key)} of {string.Join(", ", proxy)}", Host: proxy.Key));
        return await Task.WhenAll(hosts.Concat(proxies).Select(each => CheckAsync(options, each.Subject, each.Host, cancellationToken)));
    }

    private static DnsEndPoint HostOf(Uri proxy) => new(proxy.IdnHost.Trim('[', ']'), proxy.Port);

    // An address of this machine is one that can be bound here.
    private static CheckFinding Judge(GatewayOptions options, string subject, DnsEndPoint host, IReadOnlyList<IPAddress> addresses, string good)
    {
        foreach (var listener in options.Listeners.Where(listener => listener.Endpoint.Port == host.Port))
        {
            var own = listener.Endpoint.Address;
            if (addresses.Any(address => address.Equals(own) || ((own.Equals(IPAddress.Any) || own.Equals(IPAddress.IPv6Any)) && IsOfThisMachine(address))))
            {
                return CheckFinding.Warning(
                    subject, $"It is listener \"{listener.Name}\" of this gateway: its mail goes round until it is refused as a loop (554 5.4.6). Name the server behind the gateway.");
            }
        }

        return CheckFinding.Good(subject, good);
    }

    private static bool IsOfThisMachine(IPAddress address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<CheckFinding> CheckAsync(GatewayOptions options, string subject, DnsEndPoint host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host.Host, out var literal))
        {
            return Judge(options, subject, host, [literal], "An address, which needs no look-up.");
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host.Host, deadline.Token);
            return addresses.Length > 0
                ? Judge(options, subject, host, addresses, "Resolves to " + string.Join(", ", addresses.Take(4).Select(address => address.ToString())) + ".")
                : CheckFinding.Error(subject, "The name has no address. Correct it, or its entry in the DNS.");
        }
        catch (SocketException exception)
        {
            return CheckFinding.Error(subject, $"The name cannot be resolved: {exception.Message}. Correct it, or its entry in the DNS.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return CheckFinding.Error(subject, $"The DNS gave no answer within {DurationText.Format(Patience)}. Check the resolver of this machine.");
        }
    }
}
