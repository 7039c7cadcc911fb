using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>The certificates that rules sign with are sent with their issuers, so that those who trust the root alone can verify.</summary>
internal static class IssuersCheck
{
    /// <summary>A warning for each certificate whose issuers are not known up to a root, and each that ends in a root that is not valid.</summary>
    public static IEnumerable<CheckFinding> Check(GatewayOptions options, OwnSources sources, TrustStore trust, DateTimeOffset now)
    {
        var signing = options.Rules
            .Select(rule => rule.Sign)
            .OfType<SignOptions>()
            .Where(sign => sign.Chain != ChainInclusion.None)
            .SelectMany(sign => sign.With)
            .Distinct(StringComparer.OrdinalIgnoreCase);
        return
            from name in signing
            from own in sources.Find(name)?.All ?? []
            where own.Traits is { Fault: null, AllowsSigning: true } && own.Traits.IsValidAt(now)
            let warning = Warn(own.PublicCertificate, trust.Complete(own, now), now)
            where warning is not null
            select CheckFinding.Warning($"{own.Source}: {string.Join(", ", own.Traits.Addresses.DefaultIfEmpty(own.Traits.Subject))}", $"{warning} ({own.Location})");
    }

    private static string? Warn(X509Certificate2 certificate, IReadOnlyList<X509Certificate2> chain, DateTimeOffset now)
    {
        if (chain.Select(CertificateTraits.Read).FirstOrDefault(issuer => !issuer.IsValidAt(now)) is { } invalid)
        {
            return $"Its issuer {invalid.Subject} is valid from {invalid.NotBefore:yyyy-MM-dd} to {invalid.NotAfter:yyyy-MM-dd}, and no other is known. "
                + "Put the issuer's present certificate into the file, or into certificates.trust.intermediates";
        }

        var top = CertificateTraits.Read(chain.Count == 0 ? certificate : chain[^1]);
        return top.IsSelfSigned ? null
            : $"Its issuer {top.Issuer} is not known, so that signatures go out without it, and those who have the root alone cannot verify them. "
                + "Put the issuer's certificate into the file, or into certificates.trust.intermediates (a root into certificates.trust.roots)";
    }
}
