using SmimeGateway.Certificates.Issuing;
using SmimeGateway.Certificates.Trusting;

namespace SmimeGateway.Locating;

/// <summary>Whom the configuration trusts: the configured roots, and the roots of the gateway's own authorities.</summary>
public static class TrustAnchors
{
    /// <summary>Reads the configured certificates; files that cannot be read are in the store's problems.</summary>
    /// <param name="options">The configured certificates.</param>
    /// <param name="sources">Opened sources whose authorities are trusted as well, stored or not; null to ask the files alone.</param>
    /// <param name="files">Remembers what files held, for a store that is read again; null for one that is read once.</param>
    public static TrustStore Load(CertificateOptions options, OwnSources? sources = null, TrustFiles? files = null)
    {
        ArgumentNullException.ThrowIfNull(options);

        // The authority's certificate is read like any other root: opening the authority itself would make one where none is yet.
        var ownRoots = options.Own
            .Where(source => source.Authority is not null)
            .Select(source => BuiltInAuthority.RootFileIn(source.Authority!))
            .Where(File.Exists);
        var trust = options.Trust;
        return TrustStore.Load(
            [.. trust.Roots, .. ownRoots],
            trust.Intermediates,
            trust.SystemRoots,
            sources?.Authorities.Select(authority => authority.Root) ?? [],
            sources?.Unopened,
            files);
    }
}
