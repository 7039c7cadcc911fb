using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating.Rules;

/// <summary>What rules name is there.</summary>
internal static class RuleReferencesCheck
{
    /// <summary>Complains about certificate sources and listeners that are not configured.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        var sources = Names(options.Certificates.Own.Select(own => own.Name), root["certificates"]["own"], complaints);
        var partners = Names(options.Certificates.Partners.Select(partner => partner.Name), root["certificates"]["partners"], complaints);
        var listeners = Names(options.Listeners.Select(listener => listener.Name), root["listeners"], complaints);
        for (var i = 0; i < options.Rules.Count; i++)
        {
            var rule = options.Rules[i];
            var place = root["rules"][i];
            Check(rule.Sign?.With ?? [], place["sign"]["with"], sources, "entry of certificates.own", complaints);
            Check(rule.Encrypt?.To ?? [], place["encrypt"]["to"], partners, "entry of certificates.partners", complaints);
            Check(rule.When.Listener, place["when"]["listener"], listeners, "listener", complaints);
        }
    }

    // Null when a name is wrong or the list is: what depends on it is not the next error to tell.
    private static HashSet<string>? Names(IEnumerable<string> names, Place list, Complaints complaints)
    {
        var isKnown = complaints.IsSound(list)
            || (list is { IsPresent: true, Nearest.Kind: NodeKind.Array }
                && Enumerable.Range(0, list.Nearest.Children.Count).All(i => list[i]["name"] is { IsPresent: true } name && complaints.IsSound(name)));
        return isKnown ? new HashSet<string>(names, StringComparer.OrdinalIgnoreCase) : null;
    }

    private static void Check(IReadOnlyList<string> names, Place list, HashSet<string>? known, string what, Complaints complaints)
    {
        if (known is null)
        {
            return;
        }

        for (var i = 0; i < names.Count; i++)
        {
            if (complaints.IsFull || !complaints.IsSound(list[i]) || known.Contains(names[i]))
            {
                continue;
            }

            var remedy = NearestName.Find(names[i], known) is { } meant ? $"Did you mean {ConfigurationNode.Quote(meant)}?"
                : known.Count == 0 ? "Add one of that name."
                : $"There are: {string.Join(", ", known.Take(20))}.";
            complaints.Error(list[i], new Flaw($"there is no {what} of this name", remedy));
        }
    }
}
