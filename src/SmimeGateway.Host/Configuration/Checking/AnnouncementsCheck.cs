using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Watching;
using SmimeGateway.Cms;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>
/// Certificates of our own announce nothing that the configuration does not: they may have been issued before it was changed, or by an authority
/// that writes something of its own into them.
/// </summary>
internal static class AnnouncementsCheck
{
    private const int MaxNamed = 3;

    /// <summary>One warning for each source with certificates in use that announce more ciphers than are configured.</summary>
    public static IEnumerable<CheckFinding> Check(GatewayOptions options, IEnumerable<CertificateLife> lives) =>
        lives.Where(life => life is { IsExpired: false, IsSuperseded: false })
            .Select(life => (life.Certificate, More: CiphersIn(life.Certificate).Except(options.Encryption.Announce).ToList()))
            .Where(entry => entry.More.Count > 0)
            .GroupBy(entry => entry.Certificate.Source)
            .Select(source => CheckFinding.Warning(
                $"certificates.own \"{source.Key}\"",
                $"{source.Count()} certificate(s) announce {Names(source.SelectMany(entry => entry.More))}, which encryption.announce does not"
                + $" ({string.Join(", ", source.Take(MaxNamed).Select(entry => entry.Certificate.Location))}{(source.Count() > MaxNamed ? ", ..." : "")})."
                + " Answers may come that mail programs do not show. Issue others with \"smimegateway cert issue ADDRESS\", replace them, or add the cipher to the list."));

    private static IReadOnlyList<ContentCipher> CiphersIn(OwnCertificate own) =>
        SmimeCapabilities.TryRead(PartnerCertificate.Of(own).Capabilities, out var capabilities, out _) ? capabilities.Ciphers : [];

    private static string Names(IEnumerable<ContentCipher> ciphers) => string.Join(", ", ciphers.Distinct().Select(cipher => ConfiguredName.Of(cipher)));
}
