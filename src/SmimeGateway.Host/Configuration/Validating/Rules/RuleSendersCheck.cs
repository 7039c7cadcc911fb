using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating.Rules;

/// <summary>Somebody may send as each author that a rule asks for.</summary>
internal static class RuleSendersCheck
{
    // Each pattern is held against each grant; far beyond what anybody writes, finding a slip is not worth the time.
    private const long MaxComparisons = 1_000_000;

    /// <summary>
    /// Warns about authors of rules that no grant meets: mistyped, such a rule does nothing for those it was meant for, and they leave as the
    /// rules behind it say.
    /// </summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        var granted = options.Senders.SelectMany(sender => sender.Address).Select(AddressPattern.Parse).ToList();
        if (granted.Count == 0
            || !complaints.IsSound(root["senders"])
            || (long)granted.Count * options.Rules.Sum(rule => (long)rule.When.Sender.Count) > MaxComparisons)
        {
            return;
        }

        for (var i = 0; i < options.Rules.Count; i++)
        {
            var place = root["rules"][i]["when"]["sender"];
            if (!complaints.IsSound(place))
            {
                continue;
            }

            // Bounces need no grant.
            foreach (var pattern in options.Rules[i].When.Sender.Select(AddressPattern.Parse).Where(pattern => pattern is { CanMatch: true, MatchesNull: false }))
            {
                if (!granted.Exists(pattern.Meets))
                {
                    complaints.Warning(place, new Flaw(
                        $"no mail ever matches {ConfigurationNode.Quote(pattern.Text)}: \"senders\" lets nobody send as such an author",
                        "Correct the pattern, or grant the addresses in \"senders\"."));
                }
            }
        }
    }
}
