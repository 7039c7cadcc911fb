using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Watching;

namespace SmimeGateway.Host.Admin;

/// <summary>The end of a certificate that the gateway works with.</summary>
/// <param name="Use">What it is used for: the name of a source, a listener or a route.</param>
/// <param name="Traits">The certificate.</param>
/// <param name="DaysLeft">Whole days until then; negative when it is over.</param>
internal sealed record CertificateEnd(string Use, CertificateTraits Traits, int DaysLeft);

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
            .Select(life => EndOf($"own certificate of \"{life.Certificate.Source}\"", life.Certificate.Traits, now));
        var listeners = configuration.Listeners.Certificates.Select(shown => EndOf($"listener \"{shown.Listener}\"", shown.Certificate.Traits, now));
        var routes = configuration.Routes.Certificates.Select(shown => EndOf($"route to {shown.Target}", shown.Certificate.Traits, now));
        var roots = authorities.Select(authority => EndOf($"authority \"{authority.Name}\"", CertificateTraits.Read(authority.Root), now));
        return [.. own.Concat(listeners).Concat(routes).Concat(roots).OrderBy(end => end.Traits.NotAfter)];
    }

    private static CertificateEnd EndOf(string use, CertificateTraits traits, DateTimeOffset now) => new(use, traits, traits.DaysLeft(now));
}
