using SmimeGateway.Host.Configuration.Reading;
using SmimeGateway.Relaying;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>Every route leads somewhere and can be reached, and every recipient has one.</summary>
internal static class RoutesCheck
{
    // Who writes one of these believes that the mail goes out over a connection.
    private static readonly string[] KeysOfHosts = ["tls", "trust", "certificate", "authentication", "proxy", "proxyPassword"];

    /// <summary>Complains about routes with no destination or two, behind one for everybody, and recipients without a route.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        var list = root["routes"];
        var everybody = false;
        for (var i = 0; i < options.Routes.Count; i++)
        {
            if (!complaints.IsSound(list[i]))
            {
                // What it was meant for is not known, so what is left over is not known either.
                everybody |= !complaints.IsSound(list[i]["recipients"]);
                continue;
            }

            if (everybody)
            {
                complaints.Warning(list[i], new Flaw("the route is never used: one before it takes every recipient", "Move it up, or remove it."));
            }

            CheckDestination(options.Routes[i], list[i], complaints);
            if (complaints.IsSound(list[i]))
            {
                RouteSecurityCheck.Check(options.Routes[i], list[i], complaints);
            }

            everybody |= options.Routes[i].Recipients.Contains("*") || options.Routes[i].Recipients.Contains("*@*");
        }

        if (!everybody && options.Routes.Count > 0 && complaints.IsSound(list))
        {
            complaints.Warning(list, new Flaw(
                "recipients that match no route are refused", "Add a last route for \"*\", unless that is meant."));
        }
    }

    private static void CheckDestination(RouteOptions route, Place place, Complaints complaints)
    {
        if (route.Hosts.Count > 0 == route.Folder is not null)
        {
            complaints.Error(place, new Flaw("a route leads to hosts or into a folder", "Write either \"hosts\" or \"folder\"."));
        }
        else if (route.Folder is not null)
        {
            CheckFolder(place, complaints);
        }
    }

    private static void CheckFolder(Place place, Complaints complaints)
    {
        foreach (var key in KeysOfHosts.Where(key => place[key].IsPresent))
        {
            complaints.Error(place[key], new Flaw("a folder takes no connections", "Remove the key, or the folder."));
        }
    }
}
