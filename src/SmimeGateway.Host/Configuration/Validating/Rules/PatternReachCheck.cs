using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating.Rules;

/// <summary>Every pattern of addresses can match some address.</summary>
internal static class PatternReachCheck
{
    /// <summary>Warns about patterns that nothing matches: their domain is no domain, or no mailbox is called so.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        for (var i = 0; i < options.Senders.Count; i++)
        {
            Check(options.Senders[i].Address, root["senders"][i]["address"], complaints);
        }

        for (var i = 0; i < options.Certificates.Own.Count; i++)
        {
            Check(options.Certificates.Own[i].IssueFor, root["certificates"]["own"][i]["issueFor"], complaints);
        }

        for (var i = 0; i < options.Rules.Count; i++)
        {
            var when = root["rules"][i]["when"];
            Check(options.Rules[i].When.Sender, when["sender"], complaints);
            Check(options.Rules[i].When.Recipient, when["recipient"], complaints);
        }

        for (var i = 0; i < options.Routes.Count; i++)
        {
            Check(options.Routes[i].Recipients, root["routes"][i]["recipients"], complaints);
        }
    }

    private static void Check(IReadOnlyList<string> patterns, Place place, Complaints complaints)
    {
        if (!complaints.IsSound(place))
        {
            return;
        }

        foreach (var pattern in patterns.Where(pattern => !AddressPattern.Parse(pattern).CanMatch))
        {
            complaints.Warning(place, new Flaw(
                $"no address can ever match {ConfigurationNode.Quote(pattern)}",
                "Write the domain as it is registered, and names without characters that look like ASCII ones or cannot be seen."));
        }
    }
}
