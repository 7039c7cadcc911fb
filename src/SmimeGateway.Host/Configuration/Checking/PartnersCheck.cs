using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Choosing;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Watching;
using SmimeGateway.Deciding;
using SmimeGateway.Locating;
using SmimeGateway.Smtp;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>Partners' certificates can be read, and recipients whom rules name can be encrypted to.</summary>
internal static class PartnersCheck
{
    // Folders of thousands of partners are usual, and so are a few of them whose certificates ended.
    private const int MaxNamed = 20;

    /// <summary>Findings about each source, the certificates that end soon, and the recipients that rules name.</summary>
    public static async Task<IReadOnlyList<CheckFinding>> CheckAsync(
        GatewayOptions options, OwnSources own, TimeProvider time, CancellationToken cancellationToken)
    {
        if (options.Certificates.Partners.Count == 0)
        {
            return [];
        }

        await using var partners = PartnerSources.Open(options.Certificates, own, options.DataFolder, previous: null, time);
        var findings = new List<CheckFinding>();
        findings.AddRange(partners.FileProblems.Select(problem => CheckFinding.Warning(
            $"certificates.partners \"{problem.Source}\": {problem.Location}",
            $"{problem.Reason}. {problem.Remedy}.{(problem.Conceals ? " Until then mail to recipients whose certificate is not found elsewhere waits (451 4.4.3)." : "")}")));
        foreach (var source in options.Certificates.Partners.Select(partner => partners.Find(partner.Name)).OfType<IPartnerSource>())
        {
            findings.AddRange(source is SeenCertificates seen
                ? [CheckFinding.Good($"certificates.partners \"{seen.Name}\"", $"{seen.Count} certificate(s) from signed mail are kept in {seen.Folder}.")]
                : Check(source.Name, source.All, partners, time.GetUtcNow()));
        }

        findings.AddRange(await CheckRulesAsync(options, new PartnerLocator(partners, own, time), cancellationToken));
        return findings;
    }

    private static IEnumerable<CheckFinding> Check(
        string name, IReadOnlyList<PartnerCertificate> certificates, PartnerSources partners, DateTimeOffset now)
    {
        var choices = certificates
            .SelectMany(certificate => certificate.Traits.Addresses, (certificate, address) => (Address: address, Certificate: certificate))
            .GroupBy(entry => ComparableAddress.Of(entry.Address))
            .Select(group => group.ToList())
            .Select(group => (group[0].Address, Choice: EncryptionChoice.Choose(group[0].Address, group.Select(entry => entry.Certificate), partners.Trust, now)))
            .ToList();
        var expired = certificates.Count(certificate => certificate.Traits.NotAfter < now);
        yield return CheckFinding.Good(
            $"certificates.partners \"{name}\"",
            certificates.Count == 0
                ? "No certificates yet."
                : $"{certificates.Count} certificate(s) for {choices.Count} address(es), {expired} of them expired; "
                    + $"{choices.Count(entry => entry.Choice.Chosen.Count > 0)} address(es) can be encrypted to.");

        var warnings = choices.Select(entry => Judge(name, entry.Address, entry.Choice, now)).OfType<CheckFinding>().ToList();
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

    private static CheckFinding? Judge(string source, string address, EncryptionChoice choice, DateTimeOffset now)
    {
        if (choice.Chosen.Count == 0)
        {
            return CheckFinding.Warning($"{source}: {address}", $"Cannot be encrypted to: {choice.Reason.TrimEnd('.')}. \"smimegateway directory lookup {address}\" says more.");
        }

        var days = choice.Chosen[0].Traits.DaysLeft(now);
        return days <= CertificateLives.Thresholds[0]
            ? CheckFinding.Warning($"{source}: {address}", $"{days} day(s) left of the last certificate ({choice.Chosen[0].Location}). Ask for a new one.")
            : null;
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

        var consequence = located.IsUnreachable ? "Mail for this recipient waits (451 4.4.3) until it can be read." : Consequence(encrypt.WhenMissing);
        return CheckFinding.Warning(subject, $"No certificate to encrypt to: {located.Reason.TrimEnd('.')}. {consequence}");
    }

    private static string Consequence(WhenRecipientMissing whenMissing) => whenMissing switch
    {
        WhenRecipientMissing.Reject => "Mail that matches the rule is refused.",
        WhenRecipientMissing.Bounce => "This recipient gets nothing, and the sender a report.",
        WhenRecipientMissing.Defer => "Mail that matches the rule is deferred.",
        WhenRecipientMissing.Hold => "Mail for this recipient waits for a certificate.",
        _ => "Mail for this recipient leaves in plain text.",
    };
}
