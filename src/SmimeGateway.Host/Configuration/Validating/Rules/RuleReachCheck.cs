using System.Net;
using System.Text;
using SmimeGateway.Accepting;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating.Rules;

/// <summary>Every rule can apply to some message.</summary>
internal static class RuleReachCheck
{
    // Each rule is compared with so many before it: with thousands of rules, comparing all pairs would take longer than anybody waits.
    private const int MaxCompared = 200;

    /// <summary>Warns about rules behind one that takes all their messages, and rules that ask for users where nobody logs in.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        var earlier = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var everything = KeyOf(new RuleConditions());
        for (var i = 0; i < options.Rules.Count; i++)
        {
            var rule = options.Rules[i];
            var place = root["rules"][i];
            if (!complaints.IsSound(place))
            {
                continue;
            }

            var key = KeyOf(rule.When);
            if (!earlier.TryGetValue(everything, out var name) && !earlier.TryGetValue(key, out name))
            {
                name = FindCover(options.Rules, i, root["rules"], complaints);
            }

            if (name is not null)
            {
                complaints.Warning(place, new Flaw(
                    $"the rule never applies: {ConfigurationNode.Quote(name)} before it takes all its messages", "Move it up, or remove it."));
            }

            earlier.TryAdd(key, rule.Name);
            if (rule.When.User.Count > 0 && options.Listeners.All(listener => listener.Authentication.Mode == ListenerAuthenticationMode.Off))
            {
                complaints.Warning(place["when"]["user"], new Flaw(
                    "the rule never applies, because nobody can log in at any listener",
                    "Use \"client\" or \"listener\" instead, or switch \"authentication\" of a listener on."));
            }

            if (rule.When.Client.Count > 0 && ListenersOf(options, rule.When).All(listener => !MayComeIn(listener, rule.When.Client)))
            {
                complaints.Warning(place["when"]["client"], new Flaw(
                    "the rule never applies, because no listener lets clients of these networks in", "Name networks that are in \"clients\" of a listener, or add these there."));
            }
        }
    }

    private static IEnumerable<ListenerOptions> ListenersOf(GatewayOptions options, RuleConditions when) => options.Listeners.Where(
        listener => when.Listener.Count == 0 || when.Listener.Contains(listener.Name, StringComparer.OrdinalIgnoreCase));

    // Who logs in, or shows a certificate, may come from anywhere.
    private static bool MayComeIn(ListenerOptions listener, IReadOnlyList<IPNetwork> networks) =>
        listener.Authentication.Mode != ListenerAuthenticationMode.Off
        || listener.Tls.ClientCertificates.Mode != ClientCertificateMode.Off
        || listener.Clients.Any(admitted => networks.Any(network => admitted.Contains(network.BaseAddress) || network.Contains(admitted.BaseAddress)));

    private static string? FindCover(IReadOnlyList<RuleOptions> rules, int position, Place list, Complaints complaints)
    {
        for (var i = 0; i < Math.Min(position, MaxCompared); i++)
        {
            if (complaints.IsSound(list[i]) && RuleCover.Covers(rules[i].When, rules[position].When))
            {
                return rules[i].Name;
            }
        }

        return null;
    }

    // Equal conditions in whatever order have equal keys.
    private static string KeyOf(RuleConditions when)
    {
        var key = new StringBuilder();
        Add(key, "sender", when.Sender.Select(FormOf));
        Add(key, "recipient", when.Recipient.Select(FormOf));
        Add(key, "listener", when.Listener);
        Add(key, "client", when.Client.Select(network => network.ToString()));
        Add(key, "user", when.User);
        Add(key, "subject", when.Subject);
        Add(key, "content", when.Content);
        foreach (var (name, patterns) in when.Header.OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase))
        {
            Add(key, name + ":", patterns);
        }

        return key.ToString();
    }

    private static string FormOf(string pattern) => AddressPattern.Parse(pattern).Form;

    private static void Add(StringBuilder key, string condition, IEnumerable<string> values)
    {
        key.Append(condition).Append('\n');
        foreach (var value in values.Order(StringComparer.OrdinalIgnoreCase))
        {
            key.Append(' ').Append(ConfigurationNode.Quote(value)).Append('\n');
        }
    }
}
