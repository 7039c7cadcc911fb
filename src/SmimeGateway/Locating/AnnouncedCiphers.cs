using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using SmimeGateway.Certificates;
using SmimeGateway.Cms;

namespace SmimeGateway.Locating;

/// <summary>What the owners of certificates announced to read, read once for each certificate.</summary>
internal static class AnnouncedCiphers
{
    private static readonly ConditionalWeakTable<PartnerCertificate, Announcement> Cache = [];

    /// <summary>The ciphers that all of the certificates' announcements have in common; null when none of them announces any cipher.</summary>
    public static IReadOnlySet<ContentCipher>? Of(IReadOnlyList<PartnerCertificate> certificates)
    {
        IReadOnlySet<ContentCipher>? common = null;
        foreach (var certificate in certificates)
        {
            if (certificate.Capabilities.Length > 0 && Cache.GetValue(certificate, static key => new Announcement(key)).Ciphers is { } announced)
            {
                common = common is null ? announced : common.Intersect(announced).ToFrozenSet();
            }
        }

        return common;
    }

    private sealed class Announcement(PartnerCertificate certificate)
    {
        public IReadOnlySet<ContentCipher>? Ciphers { get; } = Read(certificate);

        // A list that cannot be read, or names signature algorithms alone, tells nothing about ciphers.
        private static FrozenSet<ContentCipher>? Read(PartnerCertificate certificate) =>
            SmimeCapabilities.TryRead(certificate.Capabilities, out var capabilities, out _)
            && capabilities.NameCiphers
                ? Enum.GetValues<ContentCipher>().Where(capabilities.Include).ToFrozenSet()
                : null;
    }
}
