using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>What rules name is there.</summary>
internal static class RuleReferencesCheck
{
    /// <summary>Complains about certificate sources and listeners that are not configured.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        var sources = Names(options.Certificates.Own.Select(own => own.Name));
        var listeners = Names(options.Listeners.Select(listener => listener.Name));
        for (var i = 0; i < options.Rules.Count; i++)
        {
            var rule = options.Rules[i];
            var place = root["rules"][i];
            Check(rule.Sign?.With ?? [], place["sign"]["with"], sources, "entry of certificates.own", complaints);
            Check(rule.When.Listener, place["when"]["listener"], listeners, "listener", complaints);
        }
    }

    private static HashSet<string> Names(IEnumerable<string> names) => new(names, StringComparer.OrdinalIgnoreCase);

    private static void Check(IReadOnlyList<string> names, Place list, HashSet<string> known, string what, Complaints complaints)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (!complaints.IsSound(list[i]) || known.Contains(names[i]))
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
