using SmimeGateway.Accepting;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>Passwords travel where nobody reads along.</summary>
internal static class ListenerAuthenticationCheck
{
    /// <summary>Warns about logging in without TLS.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        for (var i = 0; i < options.Listeners.Count; i++)
        {
            var listener = options.Listeners[i];
            var place = root["listeners"][i];
            if (complaints.IsSound(place) && listener.Authentication.Mode != ListenerAuthenticationMode.Off && listener.Tls.Mode == ListenerTlsMode.Off)
            {
                complaints.Warning(place["authentication"]["mode"], new Flaw(
                    "without TLS only clients that speak SCRAM-SHA-256 can log in, and their mail is open to all who read along",
                    "Set \"tls\" of the listener."));
            }
        }
    }
}
