using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Choosing;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Finding.Seen;
using SmimeGateway.Certificates.Watching;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Locating;
using SmimeGateway.Smtp;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>Partners' certificates can be read, and recipients whom rules name can be encrypted to.</summary>
internal static class PartnersCheck
{
    // Folders of thousands of partners are usual, and so are a few of them whose certificates ended.
    private const int MaxNamed = 20;

    /// <summary>Findings about each source, the certificates that end soon, and the recipients that rules name.</summary>
    public static async Task<IReadOnlyList<CheckFinding>> CheckAsync(RunningConfiguration configuration, TimeProvider time, CancellationToken cancellationToken)
    {
        var (options, partners) = (configuration.Options, configuration.Partners);
        if (options.Certificates.Partners.Count == 0)
        {
            return [];
        }

        var fitness = new KeyFitness(options.Rules, options.Encryption);
        var findings = new List<CheckFinding>();
        foreach (var source in options.Certificates.Partners.Select(partner => partners.Find(partner.Name)).OfType<IPartnerSource>())
        {
            findings.AddRange(source is SeenCertificates seen
                ? [CheckFinding.Good($"certificates.partners \"{seen.Name}\"", $"{seen.Count} certificate(s) from signed mail are kept in {seen.Folder}.")]
                : Check(source.Name, source.All, partners, fitness, time.GetUtcNow()));
        }

        findings.AddRange(options.Rules.Where(rule => rule.Encrypt is { } encrypt && encrypt.To.All(name => IsEmpty(partners, name))).Select(rule => CheckFinding.Warning(
            $"rule \"{rule.Name}\"",
            $"Nobody can be encrypted to for now: there is no certificate in {string.Join(", ", rule.Encrypt!.To)}. {Consequence(rule.Encrypt.WhenMissing)}")));
        findings.AddRange(await CheckRulesAsync(options, configuration.PartnerLocator, cancellationToken));
        return findings;
    }

    // A file that cannot be read is told of itself, and so is what it means.
    private static bool IsEmpty(PartnerSources partners, string name) => partners.Find(name) switch
    {
        SeenCertificates seen => seen.Count == 0,
        { } source => source.All.Count == 0 && partners.FileProblems.All(problem => !problem.Source.Equals(name, StringComparison.OrdinalIgnoreCase)),
        null => false,
    };

    private static IEnumerable<CheckFinding> Check(
        string name, IReadOnlyList<PartnerCertificate> certificates, PartnerSources partners, KeyFitness fitness, DateTimeOffset now)
    {
        var choices = certificates
            .SelectMany(certificate => certificate.Traits.Addresses, (certificate, address) => (Address: address, Certificate: certificate))
            .GroupBy(entry => ComparableAddress.Of(entry.Address))
            .Select(group => group.ToList())
            .Select(group => (group[0].Address, Choice: EncryptionChoice.Choose(group[0].Address, group.Select(entry => entry.Certificate), partners.Trust, now)))
            .Select(entry => (entry.Address, entry.Choice, Fit: entry.Choice.Chosen.Where(chosen => fitness.FindFault(chosen) is null).ToList()))
            .ToList();
        var expired = certificates.Count(certificate => certificate.Traits.NotAfter < now);
        yield return certificates.Count == 0 && partners.FileProblems.Any(problem => problem.Source.Equals(name, StringComparison.OrdinalIgnoreCase))
            ? CheckFinding.Good($"certificates.partners \"{name}\"", "No certificate could be read.")
            : certificates.Count == 0 ? CheckFinding.Warning(
                $"certificates.partners \"{name}\"",
                "There is no certificate, so that nobody can be encrypted to by it. \"smimegateway cert import FILE\" puts one there.")
            : CheckFinding.Good(
                $"certificates.partners \"{name}\"",
                $"{certificates.Count} certificate(s) for {choices.Count} address(es), {expired} of them expired; "
                    + $"{choices.Count(entry => entry.Fit.Count > 0)} address(es) can be encrypted to.");

        var warnings = choices.SelectMany(entry => Judge(name, entry.Address, entry.Choice, entry.Fit, fitness, now)).ToList();
        foreach (var warning in warnings.Take(MaxNamed))
        {
            yield return warning;
        }

        if (warnings.Count > MaxNamed)
        {
            yield return CheckFinding.Warning(
                $"certificates.partners \"{name}\"", $"{warnings.Count - MaxNamed} more addresses like these. \"smimegateway directory list\" lists all.");
        }
    }

    private static IEnumerable<CheckFinding> Judge(
        string source, string address, EncryptionChoice choice, List<PartnerCertificate> fit, KeyFitness fitness, DateTimeOffset now)
    {
        var subject = $"{source}: {address}";
        if (fit.Count == 0)
        {
            var reason = choice.Chosen is [var chosen, ..] ? fitness.FindFault(chosen)! : choice.Reason.TrimEnd('.');
            yield return CheckFinding.Warning(subject, $"Cannot be encrypted to: {reason}. \"smimegateway directory lookup {address}\" says more.");
            yield break;
        }

        // One certificate that a rule can encrypt to is enough for it.
        foreach (var rule in fit.SelectMany(fitness.FindUnableRules).GroupBy(rule => rule.Rule).Where(rule => rule.Count() == fit.Count))
        {
            yield return CheckFinding.Warning(
                subject, $"Rule \"{rule.Key}\" cannot encrypt to it: {rule.First().Fault}. Choose another keyTransport for the rule, or ask for a certificate with a longer key.");
        }

        var days = fit[0].Traits.DaysLeft(now);
        if (days <= CertificateLives.Thresholds[0])
        {
            yield return CheckFinding.Warning(subject, $"{days} day(s) left of the last certificate ({fit[0].Location}). Ask for a new one.");
        }
    }

    private static async Task<IReadOnlyList<CheckFinding>> CheckRulesAsync(
        GatewayOptions options, PartnerLocator locator, CancellationToken cancellationToken)
    {
        var findings = new List<CheckFinding>();
        foreach (var rule in options.Rules)
        {
            if (rule.Encrypt is not { } encrypt)
            {
                continue;
            }

            // Recipients behind a wildcard cannot be known.
            var recipients = rule.When.Recipient
                .Where(pattern => !WildcardPattern.HasWildcard(pattern))
                .Select(address => MailPath.TryParse(address, out var path) ? new EnvelopeRecipient(path) : null)
                .OfType<EnvelopeRecipient>()
                .ToList();
            var terms = new EncryptTerms(encrypt, options.Encryption);
            findings.AddRange((await locator.FindAsync(terms, recipients, cancellationToken)).Select(located => Judge(rule.Name, encrypt, located)));
        }

        return findings;
    }

    private static CheckFinding Judge(string rule, EncryptOptions encrypt, LocatedRecipient located)
    {
        var subject = $"rule \"{rule}\": {located.Address}";
        if (!located.IsMissing)
        {
            return CheckFinding.Good(
                subject,
                $"Encrypts to {string.Join(", ", located.Certificates.Select(certificate => $"serial {certificate.Traits.SerialNumber} of \"{certificate.Source}\""))}.");
        }

        var consequence = located.IsUnreachable ? "Until it can be read, the sender of mail for this recipient is told to try again later (451 4.4.3)." : Consequence(encrypt.WhenMissing);
        return CheckFinding.Warning(subject, $"No certificate to encrypt to: {located.Reason.TrimEnd('.')}. {consequence}");
    }

    private static string Consequence(WhenRecipientMissing whenMissing) => whenMissing switch
    {
        WhenRecipientMissing.Reject => "Mail that matches the rule is refused.",
        WhenRecipientMissing.Bounce => "This recipient gets nothing, and the sender a report.",
        WhenRecipientMissing.Defer => "The sender of mail that matches the rule is told to try again later (451).",
        WhenRecipientMissing.Hold => "Mail for this recipient waits for a certificate.",
        WhenRecipientMissing.Pass => "Mail for this recipient leaves in plain text.",
    };
}
