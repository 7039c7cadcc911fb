using System.Net;
using SmimeGateway.Deciding;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>Every grant of a sender address can be used by somebody.</summary>
internal static class SendersCheck
{
    // Each network is held against each; far beyond what anybody writes, finding a slip is not worth the time.
    private const long MaxComparisons = 10_000_000;

    /// <summary>Complains about users, whom this version does not know, and about clients whom no listener lets in.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        var comparisons = options.Senders.Sum(sender => (long)sender.Clients.Count) * options.Listeners.Sum(listener => (long)listener.Clients.Count);
        for (var i = 0; i < options.Senders.Count; i++)
        {
            CheckUsers(options.Senders[i], root["senders"][i], complaints);
            if (comparisons <= MaxComparisons)
            {
                CheckClients(options, i, root, complaints);
            }
        }
    }

    private static void CheckUsers(SenderOptions sender, Place place, Complaints complaints)
    {
        if (!complaints.IsSound(place["users"]) || sender.Users.Count == 0)
        {
            return;
        }

        for (var i = 0; i < sender.Users.Count; i++)
        {
            if (sender.Users[i] != "*")
            {
                complaints.Error(place["users"][i], new Flaw(
                    "this version has no authentication and knows no users", "Name the networks of the clients with \"clients\"."));
            }
        }

        if (complaints.IsSound(place) && sender.Clients.Count == 0)
        {
            complaints.Error(place["users"], new Flaw(
                "nobody could use this address, because this version has no authentication",
                "Name the networks of the clients with \"clients\", or leave both keys out."));
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
