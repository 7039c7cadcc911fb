using SmimeGateway.Deciding;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>Every rule has a name of its own and says what it does, and only one thing.</summary>
internal static class RuleActionsCheck
{
    /// <summary>Complains about rules that do nothing or two things.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        var list = root["rules"];
        UniqueNames.Check(options.Rules.Select(rule => rule.Name), list, complaints);
        for (var i = 0; i < options.Rules.Count; i++)
        {
            if (complaints.IsSound(list[i]))
            {
                Check(options.Rules[i], list[i], complaints);
            }
        }
    }

    private static void Check(RuleOptions rule, Place place, Complaints complaints)
    {
        if (rule.Pass == rule.Sign is not null)
        {
            complaints.Error(place, rule.Pass
                ? new Flaw("a rule cannot pass and sign", "Remove \"pass\" or \"sign\".")
                : new Flaw("the rule does nothing", "Add \"sign\", or \"pass\": true to relay the message unchanged."));
            return;
        }

        if (rule.Pass && place["alreadyProtected"].IsPresent)
        {
            complaints.Warning(place["alreadyProtected"], new Flaw("this means nothing in a rule that passes", "Remove the key."));
        }

        if (rule.Sign is { Digest: SignatureDigest.Sha1 })
        {
            complaints.Warning(place["sign"]["digest"], new Flaw(
                "SHA-1 signatures can be forged, and most clients refuse them", "Use \"sha256\" unless a partner reads nothing else."));
        }
    }
}
