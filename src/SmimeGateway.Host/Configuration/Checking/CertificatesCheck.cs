using System.Globalization;
using SmimeGateway.Certificates.Issuing;
using SmimeGateway.Certificates.Watching;
using SmimeGateway.Locating;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>Certificates and keys can be read and used, and for how long.</summary>
internal static class CertificatesCheck
{
    /// <summary>Findings about each source, each certificate in it, the trusted roots, and the rules that need certificates.</summary>
    public static async Task<IReadOnlyList<CheckFinding>> CheckAsync(
        GatewayOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var findings = new List<CheckFinding>();

        // Opening an authority that has no root yet would make one, and a check changes nothing.
        var fresh = options.Certificates.Own.Where(own => own.Authority is not null && !File.Exists(BuiltInAuthority.RootFileIn(own.Authority))).ToList();
        findings.AddRange(fresh.Select(own => CheckFinding.Good(
            $"certificates.own \"{own.Name}\"", $"The authority's root will be made in {own.Authority} on first use.")));
        var now = time.GetUtcNow();
        await using var sources = OwnSources.Open([.. options.Certificates.Own.Except(fresh)], previous: null, time);
        findings.AddRange(sources.Problems.Select(problem => CheckFinding.Error(
            $"certificates.own \"{problem.Source}\": {problem.Location}", $"{problem.Reason}. {problem.Remedy}.")));
        var lives = CertificateLives.Of(sources.Certificates, now);
        findings.AddRange(lives.Select(life => Judge(life, options.Certificates.WarnBefore, now)));
        findings.AddRange(AnnouncementsCheck.Check(options, lives));
        findings.AddRange(RuleCertificatesCheck.Check(options, sources, time));
        findings.AddRange(IssuersCheck.Check(options, sources, TrustAnchors.Load(options.Certificates, sources), now));
        findings.AddRange(await PartnersCheck.CheckAsync(options, sources, time, cancellationToken));
        findings.AddRange(TrustAnchors.Load(options.Certificates).Problems.Select(problem => CheckFinding.Error(
            $"certificates.trust: {problem.Location}", $"{problem.Reason}. {problem.Remedy}.")));
        findings.AddRange(NoAuthoritiesCheck.Check("certificates.trust.roots", options.Certificates.Trust.Roots));
        findings.AddRange(NoAuthoritiesCheck.Check("certificates.trust.intermediates", options.Certificates.Trust.Intermediates));
        findings.AddRange(EmptyFoldersCheck.Check("certificates.trust.roots", options.Certificates.Trust.Roots));
        findings.AddRange(EmptyFoldersCheck.Check("certificates.trust.intermediates", options.Certificates.Trust.Intermediates));
        return findings;
    }

    private static CheckFinding Judge(CertificateLife life, TimeSpan warnBefore, DateTimeOffset now)
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
            { IsExpired: true } => CheckFinding.Warning(subject, $"Expired on {traits.NotAfter:yyyy-MM-dd} ({kind}). Replace it."),
            _ when traits.NotBefore > now => CheckFinding.Warning(
                subject, $"Not valid before {traits.NotBefore:yyyy-MM-dd HH:mm}Z ({kind}): until then nothing is signed with it. Check the clock, or keep the one before it."),
            _ when traits.KeyWeakness is { } weakness => CheckFinding.Warning(
                subject, $"{char.ToUpperInvariant(weakness[0])}{weakness[1..]} ({kind}): many programs refuse what it signs. Request a certificate with a new key of 2,048 bits or more."),
            { IsSuperseded: false } when traits.NotAfter - now <= warnBefore => CheckFinding.Warning(subject, $"{days} day(s) left ({kind}). Replace it in time."),
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
