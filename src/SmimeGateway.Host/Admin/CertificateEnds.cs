using System.Globalization;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Watching;

namespace SmimeGateway.Host.Admin;

/// <summary>The end of a certificate that the gateway works with.</summary>
/// <param name="Use">What it is used for: the name of a source, a listener or a route.</param>
/// <param name="Traits">The certificate.</param>
/// <param name="Location">Where it lies.</param>
/// <param name="DaysLeft">Whole days until then; negative when it is over.</param>
internal sealed record CertificateEnd(string Use, CertificateTraits Traits, string Location, int DaysLeft)
{
    /// <summary>What is about to happen, or has, and what to do.</summary>
    public string Sentence => string.Create(
        CultureInfo.InvariantCulture,
        $"{Use}: {string.Join(", ", Traits.Addresses.DefaultIfEmpty(Traits.Subject))}, serial {Traits.SerialNumber} ({Location}) {(DaysLeft < 0 ? "expired" : $"ends in {DaysLeft} day(s),")} on {Traits.NotAfter:yyyy-MM-dd}. Replace it.");
}

/// <summary>Which certificates end, of all that the gateway works with.</summary>
internal static class CertificateEnds
{
    /// <summary>
    /// All of them, the one that ends soonest first. An own certificate that others replace, and one that an authority here renews by itself, trouble
    /// nobody by their end.
    /// </summary>
    public static IReadOnlyList<CertificateEnd> Of(RunningConfiguration configuration, DateTimeOffset now)
    {
        var authorities = configuration.Sources.Authorities.ToList();
        var own = CertificateLives.Of(configuration.Sources.Certificates, now)
            .Where(life => !life.IsSuperseded && !authorities.Exists(authority => authority.Name == life.Certificate.Source))
            .Select(life => EndOf($"own certificate of \"{life.Certificate.Source}\"", life.Certificate, now));
        var listeners = configuration.Listeners.Certificates.Select(shown => EndOf($"listener \"{shown.Listener}\"", shown.Certificate, now));
        var routes = configuration.Routes.Certificates.Select(shown => EndOf($"route to {shown.Target}", shown.Certificate, now));
        var roots = authorities.Select(authority => EndOf($"authority \"{authority.Name}\"", CertificateTraits.Read(authority.Root), "its root", now));
        return [.. own.Concat(listeners).Concat(routes).Concat(roots).OrderBy(end => end.Traits.NotAfter)];
    }

    /// <summary>Those that end within the time that the configuration gives, or have.</summary>
    public static IReadOnlyList<CertificateEnd> Near(RunningConfiguration configuration, DateTimeOffset now) =>
        [.. Of(configuration, now).Where(end => end.Traits.NotAfter - now <= configuration.Options.Certificates.WarnBefore)];

    private static CertificateEnd EndOf(string use, OwnCertificate certificate, DateTimeOffset now) => EndOf(use, certificate.Traits, certificate.Location, now);

    private static CertificateEnd EndOf(string use, CertificateTraits traits, string location, DateTimeOffset now) =>
        new(use, traits, location, traits.DaysLeft(now));
}
