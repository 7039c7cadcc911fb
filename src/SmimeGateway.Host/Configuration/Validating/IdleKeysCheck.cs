using SmimeGateway.Accepting;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>
/// Keys have an effect where they stand. Those that would promise something that is not kept are errors of the checks of their own; here are
/// the others: who writes one believes that it does something.
/// </summary>
internal static class IdleKeysCheck
{
    /// <summary>Warns about keys that mean nothing beside what else is written.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        for (var i = 0; i < options.Certificates.Own.Count; i++)
        {
            if (options.Certificates.Own[i].Authority is null)
            {
                Warn(root["certificates"]["own"][i], ["issuePerHour", "issueAtMost"], "only an authority issues certificates", complaints);
            }
        }

        for (var i = 0; i < options.Listeners.Count; i++)
        {
            var (listener, place) = (options.Listeners[i], root["listeners"][i]);
            if (listener.Tls.Mode == ListenerTlsMode.Off)
            {
                Warn(place["tls"], ["certificate", "key", "password", "minimumVersion"], "the listener speaks no TLS, as \"mode\" is off", complaints);
            }

            if (listener.Tls.ClientCertificates.Mode == ClientCertificateMode.Off)
            {
                Warn(place["tls"]["clientCertificates"], ["roots", "fingerprints"], "nobody is asked for a certificate, as \"mode\" is off", complaints);
            }

            if (listener.Authentication.Mode == ListenerAuthenticationMode.Off)
            {
                Warn(place["authentication"], ["users"], "nobody can log in, as \"mode\" is off", complaints);
            }
        }

        for (var i = 0; i < options.Routes.Count; i++)
        {
            if (options.Routes[i].Folder is not null)
            {
                Warn(
                    root["routes"][i],
                    ["chunking", "connections", "connectionsPerHost", "messagesPerMinute", "minimumVersion"],
                    "a folder takes no connections",
                    complaints);
            }
        }

        for (var i = 0; i < options.Rules.Count; i++)
        {
            if (options.Rules[i].Pass)
            {
                Warn(root["rules"][i], ["alreadyProtected", "wrap", "removeTrigger", "tnef", "profile"], "this means nothing in a rule that passes", complaints);
            }
        }
    }

    private static void Warn(Place place, IEnumerable<string> keys, string why, Complaints complaints)
    {
        foreach (var key in keys.Select(name => place[name]).Where(key => key.IsPresent && complaints.IsSound(key)))
        {
            complaints.Warning(key, new Flaw(why, "Remove the key."));
        }
    }
}
