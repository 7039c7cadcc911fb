using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating.Rules;

/// <summary>What a rule says about its messages as a whole fits what it does with them: layers, trigger and profile.</summary>
internal static class RuleLayersCheck
{
    /// <summary>Complains about layers and profiles without anything to apply them to, and warns about a trigger that is none.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        for (var i = 0; i < options.Rules.Count; i++)
        {
            var place = root["rules"][i];
            if (complaints.IsSound(place))
            {
                Check(options.Rules[i], place, complaints);
            }
        }
    }

    private static void Check(RuleOptions rule, Place place, Complaints complaints)
    {
        if (rule.Pass)
        {
            return;
        }

        var hasBoth = rule is { Sign: not null, Encrypt: not null };
        if (!hasBoth && place["wrap"].IsPresent)
        {
            complaints.Error(place["wrap"], new Flaw("only what is signed and encrypted has layers", $"Add {Missing(rule)}, or remove the key."));
        }

        if (!hasBoth && rule.Profile is not null)
        {
            complaints.Error(place["profile"], new Flaw(
                "the profile is for messages that are signed and encrypted", $"Add {Missing(rule)}, or remove the key and write the algorithms out."));
        }

        if (rule.RemoveTrigger && rule.When.Subject.Count + rule.When.Header.Count == 0)
        {
            complaints.Warning(place["removeTrigger"], new Flaw(
                "there is no trigger to remove", "Add \"subject\" or \"header\" to \"when\", or remove the key."));
        }
    }

    private static string Missing(RuleOptions rule) => rule.Sign is null ? "\"sign\"" : "\"encrypt\"";
}
