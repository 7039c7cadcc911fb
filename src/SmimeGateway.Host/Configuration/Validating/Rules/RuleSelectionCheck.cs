using SmimeGateway.Deciding.Options;
using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating.Rules;

/// <summary>A certificate that a rule names signs for the senders it belongs to, and not for all that a wildcard catches.</summary>
internal static class RuleSelectionCheck
{
    /// <summary>Complains about rules that name no certificate or two, and warns about rules for many senders that name one.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        for (var i = 0; i < options.Rules.Count; i++)
        {
            var rule = options.Rules[i];
            var place = root["rules"][i];
            var choose = place["sign"]["choose"];
            if (complaints.IsSound(choose) && NamesNotOne(choose))
            {
                complaints.Error(choose, new Flaw("one certificate is chosen", "Write either \"thumbprint\" or \"address\", or \"bySender\" instead of the object."));
            }
            else if (rule.Sign is { Choose.Thumbprint: not null, Also: not SecondSignature.None } && complaints.IsSound(choose))
            {
                complaints.Error(choose, new Flaw(
                    "the certificate of the second signature cannot be found by the thumbprint of the first", "Write \"bySender\" or \"address\", or leave \"also\" out."));
            }
            else if (rule.Sign is { Choose.IsBySender: false } && complaints.IsSound(place) && IsForMany(rule.When))
            {
                complaints.Warning(choose, new Flaw(
                    "one certificate signs for every sender the rule matches, and clients show a signature of somebody else",
                    "Write \"bySender\", or name in \"when\" the senders the certificate belongs to."));
            }
        }
    }

    private static bool NamesNotOne(Place choose) =>
        choose is { IsPresent: true, Nearest.Kind: NodeKind.Object } && choose["thumbprint"].IsPresent == choose["address"].IsPresent;

    private static bool IsForMany(RuleConditions when) =>
        when.Sender.Count == 0 || when.Sender.Any(pattern => WildcardPattern.HasWildcard(pattern));
}
