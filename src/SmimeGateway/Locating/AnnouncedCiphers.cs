using System.Runtime.CompilerServices;
using SmimeGateway.Certificates;
using SmimeGateway.Cms;
using SmimeGateway.Deciding;

namespace SmimeGateway.Locating;

/// <summary>What the owners of certificates announced to read. An announcement is of the certificate that made it, and of no other.</summary>
internal static class AnnouncedCiphers
{
    private static readonly ConditionalWeakTable<PartnerCertificate, Announcement> Cache = [];

    /// <summary>
    /// What all certificates of one recipient read, in the order of the newest announcement; where they have nothing in common, that
    /// announcement decides alone. Null when none of them announced anything that may be used.
    /// </summary>
    /// <param name="terms">What may be used, and what is assumed of certificates of which nothing is known.</param>
    /// <param name="certificates">The certificates a message is encrypted to, each with its own announcement.</param>
    public static IReadOnlyList<ContentCipher>? Join(EncryptTerms terms, IReadOnlyList<PartnerCertificate> certificates)
    {
        var leading = certificates
            .Where(certificate => Of(certificate)?.Any(terms.Ciphers.Contains) == true)
            .MaxBy(certificate => certificate.Announced ?? DateTimeOffset.MinValue);
        if (leading is null)
        {
            return null;
        }

        var preferred = terms.UsableFor(Of(leading));
        ContentCipher[] common =
            [.. preferred.Where(cipher => certificates.All(certificate => terms.UsableFor(Of(certificate)).Contains(cipher)))];
        return common.Length > 0 ? common : preferred;
    }

    /// <summary>What one certificate announces, read once; null when it tells nothing about ciphers.</summary>
    private static IReadOnlyList<ContentCipher>? Of(PartnerCertificate certificate) =>
        certificate.Capabilities.IsEmpty ? null : Cache.GetValue(certificate, static key => new Announcement(key)).Ciphers;

    private sealed class Announcement(PartnerCertificate certificate)
    {
        // A list that cannot be read, or names signature algorithms alone, tells nothing about ciphers.
        public IReadOnlyList<ContentCipher>? Ciphers { get; } =
            SmimeCapabilities.TryRead(certificate.Capabilities, out var capabilities, out _) && capabilities.NameCiphers
                ? capabilities.Ciphers
                : null;
    }
}
