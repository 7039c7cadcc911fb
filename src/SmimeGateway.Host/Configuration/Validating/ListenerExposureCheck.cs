using System.Net;
using SmimeGateway.Accepting;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>A listener that the world reaches, and that lets the world in, is an open relay that signs.</summary>
internal static class ListenerExposureCheck
{
    /// <summary>Warns about listeners beyond this machine that every client may use.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        for (var i = 0; i < options.Listeners.Count; i++)
        {
            var listener = options.Listeners[i];
            var place = root["listeners"][i];
            if (!complaints.IsSound(place) || IPAddress.IsLoopback(listener.Endpoint.Address) || NeedsMore(listener))
            {
                continue;
            }

            for (var j = 0; j < listener.Clients.Count; j++)
            {
                if (listener.Clients[j].PrefixLength == 0)
                {
                    complaints.Warning(place["clients"][j], new Flaw(
                        "every host that reaches this listener may relay through it", "Name the networks of your own mail servers, or require \"authentication\"."));
                }
            }
        }
    }

    // Where everybody must log in or show a certificate, the address alone opens nothing.
    private static bool NeedsMore(ListenerOptions listener) =>
        listener.Authentication.Mode == ListenerAuthenticationMode.Required || listener.Tls.ClientCertificates.Mode == ClientCertificateMode.Required;
}
