using System.Net;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>Listeners have names and endpoints of their own.</summary>
internal static class ListenersCheck
{
    /// <summary>Complains about names and endpoints used twice, and limits that contradict each other.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        var list = root["listeners"];
        UniqueNames.Check(options.Listeners.Select(listener => listener.Name), list, complaints);

        var endpoints = new List<(string Name, IPEndPoint Endpoint)>();
        for (var i = 0; i < options.Listeners.Count; i++)
        {
            var listener = options.Listeners[i];
            var place = list[i]["endpoint"];
            if (place.IsPresent && complaints.IsSound(place) && listener.Endpoint.Port != 0)
            {
                if (endpoints.Find(other => Collide(other.Endpoint, listener.Endpoint)) is { Endpoint: { } taken } other)
                {
                    complaints.Error(place, new Flaw(
                        taken.Equals(listener.Endpoint) ? "a listener before it has the same endpoint"
                            : $"listener {ConfigurationNode.Quote(other.Name)} before it has the port already, on {taken}",
                        "Give each listener an address or a port of its own."));
                }

                endpoints.Add((listener.Name, listener.Endpoint));
            }

            var limits = list[i]["limits"];
            if (complaints.IsSound(limits) && listener.Limits.ConnectionsPerClient > listener.Limits.Connections)
            {
                complaints.Warning(limits["connectionsPerClient"], new Flaw(
                    $"one client may have more connections than the listener takes ({listener.Limits.Connections})",
                    "Write a smaller number, so that one client cannot keep the others out."));
            }
        }
    }

    // All addresses are also each of them, and those of IPv6 also those of IPv4.
    private static bool Collide(IPEndPoint one, IPEndPoint other) => one.Port == other.Port
        && (one.Address.Equals(other.Address) || IncludesAll(one.Address, other.Address) || IncludesAll(other.Address, one.Address));

    private static bool IncludesAll(IPAddress one, IPAddress other) =>
        one.Equals(IPAddress.IPv6Any) || (one.Equals(IPAddress.Any) && other.AddressFamily == one.AddressFamily);
}
