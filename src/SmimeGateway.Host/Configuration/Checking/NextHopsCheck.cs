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
        var hosts = options.Routes.SelectMany(route => route.Hosts).Distinct();
        return await Task.WhenAll(hosts.Select(host => CheckAsync(host, cancellationToken)));
    }

    private static async Task<CheckFinding> CheckAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        var subject = $"next hop {NetworkText.Format(host)}";
        if (IPAddress.TryParse(host.Host, out _))
        {
            return CheckFinding.Good(subject, "An address, which needs no look-up.");
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host.Host, deadline.Token);
            return addresses.Length > 0
                ? CheckFinding.Good(subject, "Resolves to " + string.Join(", ", addresses.Take(4).Select(address => address.ToString())) + ".")
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
