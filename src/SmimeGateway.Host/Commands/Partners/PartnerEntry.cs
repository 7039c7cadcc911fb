using SmimeGateway.Certificates;
using SmimeGateway.Cms;
using SmimeGateway.Locating;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Commands.Partners;

/// <summary>A certificate of a partner, and whether mail would be encrypted to it.</summary>
/// <param name="Source">The configured name of its source.</param>
/// <param name="Location">Where it was read from.</param>
/// <param name="Addresses">Whom it is for.</param>
/// <param name="Subject">Its owner.</param>
/// <param name="Issuer">Who issued it.</param>
/// <param name="SerialNumber">Its serial number.</param>
/// <param name="Thumbprint">Its SHA-1 fingerprint.</param>
/// <param name="KeyAlgorithm">The kind and size of its key.</param>
/// <param name="NotBefore">The first moment of its life.</param>
/// <param name="NotAfter">The last moment of its life.</param>
/// <param name="DaysLeft">Whole days until then.</param>
/// <param name="IsTaken">True when mail is encrypted to it.</param>
/// <param name="Reason">Why it is not taken, or on whose word it is.</param>
/// <param name="Announced">The ciphers its owner announced to read, or null when nothing is known.</param>
internal sealed record PartnerEntry(
    string Source,
    string Location,
    IReadOnlyList<string> Addresses,
    string Subject,
    string Issuer,
    string SerialNumber,
    string Thumbprint,
    string KeyAlgorithm,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    int DaysLeft,
    bool IsTaken,
    string Reason,
    IReadOnlyList<string>? Announced)
{
    /// <summary>The entry of a certificate that was judged.</summary>
    /// <param name="partner">The certificate.</param>
    /// <param name="refusal">Why it is not taken, or null.</param>
    /// <param name="fitness">Knows the ways in which rules encrypt, which not every key may allow.</param>
    /// <param name="now">The moment.</param>
    public static PartnerEntry Of(PartnerCertificate partner, string? refusal, KeyFitness fitness, DateTimeOffset now)
    {
        var traits = partner.Traits;
        refusal ??= fitness.FindFault(partner);
        return new PartnerEntry(
            partner.Source,
            partner.Location,
            traits.Addresses,
            traits.Subject,
            traits.Issuer,
            traits.SerialNumber,
            traits.Thumbprint,
            traits.KeyAlgorithm,
            traits.NotBefore,
            traits.NotAfter,
            traits.DaysLeft(now),
            refusal is null,
            refusal ?? Trusted(partner, fitness),
            AnnouncedBy(partner));
    }

    private static string Trusted(PartnerCertificate partner, KeyFitness fitness) => string.Join("; ", [
        partner.IsVouchedFor ? "its folder accepts all" : "trusted",
        .. fitness.FindUnableRules(partner).Select(rule => $"not by rule \"{rule.Rule}\": {rule.Fault}")]);

    private static IReadOnlyList<string>? AnnouncedBy(PartnerCertificate partner) =>
        SmimeCapabilities.TryRead(partner.Capabilities, out var capabilities, out _) && capabilities.NameCiphers
            ? [.. capabilities.Ciphers.Select(cipher => ConfiguredName.Of(cipher))]
            : null;
}
