using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>Whoever may name the client of a connection can be every client, so load balancers are named.</summary>
internal static class ListenerProxyCheck
{
    /// <summary>Complains about a PROXY protocol without balancers, balancers without the protocol, and lists with everybody in them.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        for (var i = 0; i < options.Listeners.Count; i++)
        {
            var listener = options.Listeners[i];
            var place = root["listeners"][i];
            if (!complaints.IsSound(place["proxyProtocol"]) || !complaints.IsSound(place["proxies"]))
            {
                continue;
            }

            if (listener.ProxyProtocol && listener.Proxies.Count == 0)
            {
                complaints.Error(place["proxyProtocol"], new Flaw(
                    "nobody is believed who the client is", "Add \"proxies\" with the addresses of your load balancers."));
            }

            if (!listener.ProxyProtocol && listener.Proxies.Count > 0)
            {
                complaints.Error(place["proxies"], new Flaw(
                    "the listener expects no PROXY protocol", "Write \"proxyProtocol\": true, or remove the key."));
            }

            for (var j = 0; j < listener.Proxies.Count; j++)
            {
                if (listener.Proxies[j].PrefixLength == 0)
                {
                    complaints.Error(place["proxies"][j], new Flaw(
                        "everybody could say to be any client", "Name the addresses of your load balancers."));
                }
            }
        }
    }
}
