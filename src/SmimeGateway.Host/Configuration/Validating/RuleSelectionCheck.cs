using SmimeGateway.Deciding;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>A certificate that a rule names signs for the senders it belongs to, and not for all that a wildcard catches.</summary>
internal static class RuleSelectionCheck
{
    /// <summary>Warns about rules for many senders that name one certificate.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        for (var i = 0; i < options.Rules.Count; i++)
        {
            var rule = options.Rules[i];
            var place = root["rules"][i];
            if (rule.Sign is { Choose.IsBySender: false } && complaints.IsSound(place) && IsForMany(rule.When))
            {
                complaints.Warning(place["sign"]["choose"], new Flaw(
                    "one certificate signs for every sender the rule matches, and clients show a signature of somebody else",
                    "Write \"bySender\", or name in \"when\" the senders the certificate belongs to."));
            }
        }
    }

    private static bool IsForMany(RuleConditions when) =>
        when.Sender.Count == 0 || when.Sender.Any(pattern => WildcardPattern.HasWildcard(pattern));
}
