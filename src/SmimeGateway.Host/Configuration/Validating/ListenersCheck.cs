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

        var endpoints = new HashSet<IPEndPoint>();
        for (var i = 0; i < options.Listeners.Count; i++)
        {
            var listener = options.Listeners[i];
            var place = list[i]["endpoint"];
            if (place.IsPresent && complaints.IsSound(place) && listener.Endpoint.Port != 0 && !endpoints.Add(listener.Endpoint))
            {
                complaints.Error(place, new Flaw("a listener before it has the same endpoint", "Give each listener an address or a port of its own."));
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
}
