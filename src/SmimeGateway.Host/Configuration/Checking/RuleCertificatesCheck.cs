using SmimeGateway.Certificates.Choosing;
using SmimeGateway.Deciding;
using SmimeGateway.Locating;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>Rules that sign for named senders, or with a named certificate, find a certificate.</summary>
internal static class RuleCertificatesCheck
{
    /// <summary>One finding for each certificate that a rule is known to need. Senders behind a wildcard cannot be known.</summary>
    public static IEnumerable<CheckFinding> Check(GatewayOptions options, OwnSources sources, DateTimeOffset now)
    {
        foreach (var rule in options.Rules)
        {
            if (rule.Sign is { } sign)
            {
                foreach (var need in NeedsOf(rule, sign))
                {
                    yield return Check(options, rule.Name, sign, need, sources, now);
                }
            }
        }
    }

    private static IEnumerable<CertificateSelection> NeedsOf(RuleOptions rule, SignOptions sign) => sign.Choose.IsBySender
        ? rule.When.Sender
            .Where(pattern => !WildcardPattern.HasWildcard(pattern) && pattern.Contains('@', StringComparison.Ordinal))
            .Select(address => new CertificateSelection { Address = address })
        : [sign.Choose];

    private static CheckFinding Check(
        GatewayOptions options, string rule, SignOptions sign, CertificateSelection need, OwnSources sources, DateTimeOffset now)
    {
        var subject = $"rule \"{rule}\": {need.Address ?? need.Thumbprint}";
        var reasons = new List<string>();
        foreach (var name in sign.With)
        {
            var candidates = sources.Find(name)?.All ?? [];
            var choice = need.Thumbprint is { } thumbprint
                ? SigningChoice.ChooseByThumbprint(thumbprint, candidates, now)
                : SigningChoice.Choose(need.Address!, candidates, now);
            if (choice.Chosen is { } chosen)
            {
                return CheckFinding.Good(subject, $"Signs with serial {chosen.Traits.SerialNumber} of \"{name}\".");
            }

            if (need.Address is not null && WillIssue(options, name, need.Address))
            {
                return CheckFinding.Good(subject, $"\"{name}\" issues a certificate when it is first needed.");
            }

            reasons.Add($"{name}: {choice.Reason}");
        }

        var text = $"No certificate can sign: {string.Join("; ", reasons)}.";
        return sign.WhenMissing switch
        {
            WhenCertificateMissing.Reject => CheckFinding.Error(subject, text + " Mail that matches the rule is refused."),
            WhenCertificateMissing.Defer => CheckFinding.Error(subject, text + " Mail that matches the rule is deferred."),
            _ => CheckFinding.Warning(subject, text + " Mail that matches the rule goes out unsigned."),
        };
    }

    private static bool WillIssue(GatewayOptions options, string name, string address) => options.Certificates.Own
        .Where(own => own.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        .SelectMany(own => own.IssueFor)
        .Any(pattern => AddressPattern.Parse(pattern).Matches(address));
}
