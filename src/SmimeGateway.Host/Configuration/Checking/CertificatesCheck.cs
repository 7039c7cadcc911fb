using System.Globalization;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Watching;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>Certificates and keys can be read and used, and for how long.</summary>
internal static class CertificatesCheck
{
    // What it means that certificates may lie behind what cannot be read.
    private const string Consequence =
        "Until it can be read, the sender of mail that needs a certificate and finds none elsewhere is told to try again later (451 4.4.3).";

    /// <summary>Findings about each file that cannot be read, and each own certificate.</summary>
    public static IEnumerable<CheckFinding> Check(RunningConfiguration configuration, DateTimeOffset now)
    {
        var warnBefore = configuration.Options.Certificates.WarnBefore;
        var authorities = configuration.Sources.Authorities.Select(authority => authority.Name).ToHashSet();
        return
        [
            .. configuration.Sources.Problems.Select(problem => Tell($"certificates.own \"{problem.Source}\"", problem)),
            .. CertificateLives.Of(configuration.Sources.Certificates, now)
                .Select(life => Judge(life, authorities.Contains(life.Certificate.Source), warnBefore, now)),
            .. configuration.Partners.FileProblems.Select(problem => Tell($"certificates.partners \"{problem.Source}\"", problem)),
            .. configuration.Trust.Problems.Select(problem => Tell("certificates.trust", problem)),
        ];
    }

    /// <summary>What stands in no file: what the certificates announce, whether rules find theirs, and whom they lead to.</summary>
    public static IEnumerable<CheckFinding> CheckUse(RunningConfiguration configuration, TimeProvider time)
    {
        var (options, sources, now) = (configuration.Options, configuration.Sources, time.GetUtcNow());
        var trust = options.Certificates.Trust;
        return
        [
            .. AnnouncementsCheck.Check(options, CertificateLives.Of(sources.Certificates, now)),
            .. RuleCertificatesCheck.Check(options, sources, time),
            .. IssuersCheck.Check(options, sources, configuration.Trust, now),
            .. NoAuthoritiesCheck.Check("certificates.trust.roots", trust.Roots),
            .. NoAuthoritiesCheck.Check("certificates.trust.intermediates", trust.Intermediates),
            .. EmptyFoldersCheck.Check("certificates.trust.roots", trust.Roots),
            .. EmptyFoldersCheck.Check("certificates.trust.intermediates", trust.Intermediates),
        ];
    }

    // Whatever is hidden behind it keeps mail waiting; a file of which all was read harms only those it was for.
    private static CheckFinding Tell(string kind, SourceProblem problem) => new(
        problem.Conceals ? CheckSeverity.Error : CheckSeverity.Warning,
        $"{kind}: {problem.Location}",
        $"{problem.Reason}. {problem.Remedy}.{(problem.Conceals ? $" {Consequence}" : "")}");

    private static CheckFinding Judge(CertificateLife life, bool isRenewed, TimeSpan warnBefore, DateTimeOffset now)
    {
        var own = life.Certificate;
        var traits = own.Traits;
        var subject = $"{own.Source}: {string.Join(", ", traits.Addresses.DefaultIfEmpty(traits.Subject))}";
        var kind = $"{traits.KeyAlgorithm}, {UseOf(traits.AllowsSigning, traits.AllowsEncryption)}, serial {traits.SerialNumber}, {own.Location}";
        if (traits.Fault is { } fault)
        {
            return CheckFinding.Error(subject, $"The certificate cannot be used: {fault} ({own.Location}). Replace it.");
        }

        if (own.KeyFault is { } keyFault)
        {
            return CheckFinding.Error(subject, $"The key cannot be used: {keyFault} ({own.Location}). Replace the file, or correct its password.");
        }

        var days = life.DaysLeft.ToString(CultureInfo.InvariantCulture);
        return life switch
        {
            { IsExpired: true, IsSuperseded: true } => CheckFinding.Good(subject, $"Expired, and replaced by another one ({kind})."),
            { IsExpired: true } when !isRenewed => CheckFinding.Warning(subject, $"Expired on {traits.NotAfter:yyyy-MM-dd} ({kind}). Replace it."),
            _ when traits.NotBefore > now => CheckFinding.Warning(
                subject, $"Not valid before {traits.NotBefore:yyyy-MM-dd HH:mm}Z ({kind}): until then nothing is signed with it. Check the clock, or keep the one before it."),
            _ when traits.KeyWeakness is { } weakness => CheckFinding.Warning(
                subject, $"{char.ToUpperInvariant(weakness[0])}{weakness[1..]} ({kind}): many programs refuse what it signs. Request a certificate with a new key of 2,048 bits or more."),
            { IsSuperseded: false } when !isRenewed && traits.NotAfter - now <= warnBefore => CheckFinding.Warning(subject, $"{days} day(s) left ({kind}). Replace it in time."),
            _ => CheckFinding.Good(subject, $"{days} day(s) left ({kind})."),
        };
    }

    private static string UseOf(bool signs, bool encrypts) => (signs, encrypts) switch
    {
        (true, true) => "signs and encrypts",
        (true, false) => "signs",
        (false, true) => "encrypts",
        _ => "neither signs nor encrypts mail",
    };
}
