using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating.Rules;

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
        if (rule.Pass && (rule.Sign ?? (object?)rule.Encrypt) is not null)
        {
            complaints.Error(place, (rule.Sign, rule.Encrypt) switch
            {
                (_, null) => new Flaw("a rule cannot pass and sign", "Remove \"pass\" or \"sign\"."),
                (null, _) => new Flaw("a rule cannot pass and encrypt", "Remove \"pass\" or \"encrypt\"."),
                _ => new Flaw("a rule cannot pass and sign and encrypt", "Remove \"pass\", or \"sign\" and \"encrypt\"."),
            });
            return;
        }

        if (!rule.Pass && rule is { Sign: null, Encrypt: null })
        {
            complaints.Error(place, new Flaw(
                "the rule does nothing", "Add \"sign\", \"encrypt\" or both, or \"pass\": true to relay the message unchanged."));
            return;
        }

        if (rule.Sign is { Digest: SignatureDigest.Sha1 })
        {
            complaints.Warning(place["sign"]["digest"], new Flaw(
                "SHA-1 signatures can be forged, and most clients refuse them", "Use \"sha256\" unless a partner reads nothing else."));
        }

        if (rule.Sign is { Also: SecondSignature.MlDsa })
        {
            complaints.Warning(place["sign"]["also"], new Flaw(
                "OpenSSL 3.0, GnuPG 2.2 and .NET refuse the whole message for a signature of ML-DSA beside the first; NSS, GnuTLS and MimeKit take it",
                "Give the rule the recipients who read both, and no others."));
        }
    }
}
