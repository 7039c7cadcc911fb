using SmimeGateway.Certificates.Choosing;
using SmimeGateway.Certificates.Issuing;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Locating;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>Rules that sign for named senders, or with a named certificate, find a certificate.</summary>
internal static class RuleCertificatesCheck
{
    // Whoever has a folder of thousands sees the kind of trouble in the first of them.
    private const int MaxNamed = 20;

    /// <summary>
    /// One finding for each certificate that a rule is known to need, for each whose key cannot sign as a rule asks, and for each rule whose
    /// sources can sign for nobody. Senders behind a wildcard cannot be known.
    /// </summary>
    public static IEnumerable<CheckFinding> Check(GatewayOptions options, OwnSources sources, TimeProvider time)
    {
        var locator = new CredentialLocator(sources, options.Encryption.Announce, time);
        foreach (var rule in options.Rules)
        {
            if (rule.Sign is { } sign)
            {
                var needs = NeedsOf(rule, sign).ToList();
                foreach (var isSecond in sign.Also == SecondSignature.None ? [false] : new[] { false, true })
                {
                    foreach (var need in needs)
                    {
                        yield return Check(options, rule.Name, sign, need, isSecond, sources, locator, time.GetUtcNow());
                    }

                    if (needs.Count == 0 && CheckAny(options, rule, sign, isSecond, sources, time.GetUtcNow()) is { } none)
                    {
                        yield return none;
                    }
                }

                foreach (var finding in CheckKeys(rule.Name, sign, sources, locator))
                {
                    yield return finding;
                }
            }
        }
    }

    private static CheckFinding? CheckAny(GatewayOptions options, RuleOptions rule, SignOptions sign, bool isSecond, OwnSources sources, DateTimeOffset now)
    {
        var authorities = options.Certificates.Own.Where(own => own.IssueFor.Count > 0 && sign.With.Contains(own.Name, StringComparer.OrdinalIgnoreCase)).ToList();
        var issuing = authorities.Count > 0;
        return authorities.Exists(own => Issues(own, rule) && IsOfKind(sign, own.IssueKeys == AuthorityKey.MlDsa, isSecond))
        || sign.With.SelectMany(name => sources.Find(name)?.All ?? []).Any(own =>
            own is { Traits: { Fault: null, AllowsSigning: true }, KeyFault: null } && own.Traits.IsValidAt(now) && IsOfKind(sign, own.Traits.IsPostQuantum, isSecond))
            ? null
            : Lack(
                sign,
                isSecond,
                $"rule \"{rule.Name}\"{(isSecond ? ", second signature" : "")}",
                $"Nobody can be signed for now: no certificate of {string.Join(", ", sign.With)} is valid, for signing, {KindOf(sign, isSecond)}and has a key that can be used{(issuing ? ", and no authority among them issues such a one for senders of the rule" : "")}.",
                sign.With.Any(name => sources.Find(name)?.Problems.Any(problem => problem.Conceals) == true));
    }

    private static string KindOf(SignOptions sign, bool isSecond) => sign.Also == SecondSignature.None ? "" : isSecond ? "of ML-DSA, " : "of another kind than ML-DSA, ";

    // Whether some sender of the rule may be one that the authority issues for.
    private static bool Issues(OwnCertificateOptions own, RuleOptions rule) =>
        own.IssueFor.Select(AddressPattern.Parse).Any(covered => rule.When.Sender.Count == 0 || rule.When.Sender.Select(AddressPattern.Parse).Any(covered.Meets));

    private static IEnumerable<CheckFinding> CheckKeys(string rule, SignOptions sign, OwnSources sources, CredentialLocator locator)
    {
        var signing = sign.With
            .SelectMany(name => sources.Find(name)?.All ?? [])
            .Where(own => own.Traits is { Fault: null, AllowsSigning: true } && own.KeyFault is null)
            .ToList();
        var unfit = signing
            .Select(own => (Own: own, Unfitness: locator.FindUnfitness(sign, own)))
            .Where(entry => entry.Unfitness is not null)
            .Select(entry => CheckFinding.Warning(
                $"rule \"{rule}\": serial {entry.Own.Traits.SerialNumber} of \"{entry.Own.Source}\"",
                $"The key cannot sign as the rule asks: {entry.Unfitness!.Reason} ({entry.Own.Location}). Change padding or digest of the rule, or replace the certificate."))
            .ToList();
        var elliptic = sign.Padding == RsaPadding.Pss ?
            signing.Count(own => !own.Traits.KeyAlgorithm.StartsWith("RSA", StringComparison.Ordinal) && IsOfKind(sign, own.Traits.IsPostQuantum, isSecond: false)) : 0;
        IEnumerable<CheckFinding> more = unfit.Count > MaxNamed
            ? [CheckFinding.Warning($"rule \"{rule}\"", $"{unfit.Count - MaxNamed} more keys like these.")]
            : [];
        IEnumerable<CheckFinding> unpadded = elliptic > 0
            ? [CheckFinding.Warning($"rule \"{rule}\"", $"The rule asks for PSS, which is a padding of RSA alone: {elliptic} certificate(s) of its sources have another key and sign without it.")]
            : [];
        return unfit.Take(MaxNamed).Concat(more).Concat(unpadded);
    }

    private static IEnumerable<CertificateSelection> NeedsOf(RuleOptions rule, SignOptions sign) => sign.Choose.IsBySender
        ? rule.When.Sender
            .Where(pattern => !WildcardPattern.HasWildcard(pattern) && pattern.Contains('@', StringComparison.Ordinal))
            .Select(address => new CertificateSelection { Address = address })
        : [sign.Choose];

    private static CheckFinding Check(
        GatewayOptions options, string rule, SignOptions sign, CertificateSelection need, bool isSecond, OwnSources sources, CredentialLocator locator, DateTimeOffset now)
    {
        var subject = $"rule \"{rule}\": {need.Address ?? need.Thumbprint}{(isSecond ? ", second signature" : "")}";
        var reasons = new List<string>();
        var isConcealed = false;
        foreach (var name in sign.With)
        {
            var candidates = sources.Find(name)?.All ?? [];
            var choice = need.Thumbprint is { } thumbprint
                ? SigningChoice.ChooseByThumbprint(thumbprint, candidates, now, own => locator.FindUnfitness(sign, own, isSecond))
                : SigningChoice.Choose(need.Address!, candidates, now, own => locator.FindUnfitness(sign, own, isSecond));
            if (choice.Chosen is { } chosen)
            {
                return CheckFinding.Good(subject, $"Signs with serial {chosen.Traits.SerialNumber} of \"{name}\".");
            }

            if (need.Address is not null && WillIssue(options, sign, name, need.Address, isSecond))
            {
                return CheckFinding.Good(subject, $"\"{name}\" issues a certificate when it is first needed.");
            }

            reasons.Add($"{name}: {choice.Reason}");
            isConcealed |= choice.IsKeyUnread || sources.Find(name)?.Problems.Any(problem => problem.Conceals) == true;
        }

        return Lack(sign, isSecond, subject, $"No certificate can sign: {string.Join("; ", reasons)}.", isConcealed);
    }

    private static CheckFinding Lack(SignOptions sign, bool isSecond, string subject, string text, bool isConcealed) =>
        sign.WhenMissing switch
        {
            _ when isConcealed => CheckFinding.Error(subject, text + " Until all of its sources can be read, the sender of mail that matches the rule is told to try again later (451 4.4.3)."),
            WhenCertificateMissing.Reject => CheckFinding.Error(subject, text + " Mail that matches the rule is refused."),
            WhenCertificateMissing.Defer => CheckFinding.Error(subject, text + " The sender of mail that matches the rule is told to try again later (451)."),
            _ => CheckFinding.Warning(subject, text + $" Mail that matches the rule goes out {(isSecond ? "with the first signature alone" : "unsigned")}."),
        };

    private static bool IsOfKind(SignOptions sign, bool isPostQuantum, bool isSecond) => sign.Also == SecondSignature.None || isPostQuantum == isSecond;

    private static bool WillIssue(GatewayOptions options, SignOptions sign, string name, string address, bool isSecond) => options.Certificates.Own
        .Where(own => own.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && IsOfKind(sign, own.IssueKeys == AuthorityKey.MlDsa, isSecond))
        .SelectMany(own => own.IssueFor)
        .Any(pattern => AddressPattern.Parse(pattern).Matches(address));
}
