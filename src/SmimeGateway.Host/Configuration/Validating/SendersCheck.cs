using System.Net;
using SmimeGateway.Accepting;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>Every grant of a sender address can be used by somebody.</summary>
internal static class SendersCheck
{
    // Each network is held against each; far beyond what anybody writes, finding a slip is not worth the time.
    private const long MaxComparisons = 10_000_000;

    /// <summary>Complains about users who cannot log in anywhere, and about clients whom no listener lets in.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        var comparisons = options.Senders.Sum(sender => (long)sender.Clients.Count) * options.Listeners.Sum(listener => (long)listener.Clients.Count);
        for (var i = 0; i < options.Senders.Count; i++)
        {
            CheckUsers(options, options.Senders[i], root["senders"][i], complaints);
            if (comparisons <= MaxComparisons)
            {
                CheckClients(options, i, root, complaints);
            }
        }
    }

    private static void CheckUsers(GatewayOptions options, SenderOptions sender, Place place, Complaints complaints)
    {
        if (sender.Users.Count > 0
            && complaints.IsSound(place)
            && !options.Listeners.Any(listener => listener.Authentication.Mode != ListenerAuthenticationMode.Off))
        {
            var flaw = new Flaw(
                "no listener lets anybody log in", "Set \"authentication\" of a listener, or remove the key and name the clients with \"clients\".");
            if (sender.Clients.Count == 0)
            {
                // An entry with neither key grants to everybody; one for users alone must not be taken for that.
                complaints.Error(place["users"], flaw with { Problem = "nobody could use this address, because no listener lets anybody log in" });
            }
            else
            {
                complaints.Warning(place["users"], flaw);
            }
        }
    }

    private static void CheckClients(GatewayOptions options, int index, Place root, Complaints complaints)
    {
        var sender = options.Senders[index];
        var place = root["senders"][index];
        if (!complaints.IsSound(place) || !complaints.IsSound(root["listeners"]))
        {
            return;
        }

        for (var i = 0; i < sender.Clients.Count; i++)
        {
            var network = sender.Clients[i];
            if (!options.Listeners.Any(listener => listener.Clients.Any(admitted => Overlap(admitted, network))))
            {
                complaints.Warning(place["clients"][i], new Flaw(
                    "no listener lets these clients in", "Add the network to \"clients\" of a listener, or remove it here."));
            }
        }
    }

    private static bool Overlap(IPNetwork one, IPNetwork other) => one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress);
}
