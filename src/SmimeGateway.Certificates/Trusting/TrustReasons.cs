using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Trusting;

/// <summary>Says in words why a chain is not trusted.</summary>
internal static class TrustReasons
{
    /// <summary>Said of a root that nobody configured.</summary>
    public const string UntrustedRoot = "it is a root that is not trusted";

    /// <summary>The reasons, each with the certificate it is about, the leaf first.</summary>
    public static IReadOnlyList<string> Of(X509Chain chain)
    {
        var reasons = new List<string>();
        foreach (var element in chain.ChainElements)
        {
            var subject = PrintableText.Of(element.Certificate.Subject);
            reasons.AddRange(element.ChainElementStatus.Select(status => $"{subject}: {Say(status.Status, element.Certificate)}"));
        }

        // Some faults belong to the chain as a whole.
        return reasons.Count > 0 ? reasons : [.. chain.ChainStatus.Select(status => Say(status.Status, null)).DefaultIfEmpty("its chain is not trusted")];
    }

    // Where the certificate itself says that its issuer's can be fetched (RFC 5280 section 4.2.2.1). Nobody here does: whoever made it could send us anywhere.
    private static string PlaceOf(X509Certificate2 certificate)
    {
        try
        {
            var access = certificate.Extensions.OfType<X509AuthorityInformationAccessExtension>().FirstOrDefault();
            return access?.EnumerateCAIssuersUris().FirstOrDefault() is { } place ? $" (it names {PrintableText.Of(place)} for it)" : string.Empty;
        }
        catch (CryptographicException)
        {
            return string.Empty;
        }
    }

    private static string Say(X509ChainStatusFlags status, X509Certificate2? certificate) => status switch
    {
        X509ChainStatusFlags.NotTimeValid when certificate is not null => string.Create(
            CultureInfo.InvariantCulture,
            $"it is valid from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd} to {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}"),
        X509ChainStatusFlags.UntrustedRoot => UntrustedRoot,
        X509ChainStatusFlags.PartialChain => certificate is null ? "its issuer is not known" : $"its issuer {PrintableText.Of(certificate.Issuer)} is not known{PlaceOf(certificate)}",
        X509ChainStatusFlags.NotSignatureValid => "its signature is wrong",
        X509ChainStatusFlags.NotValidForUsage => "it was used for what its key usage does not allow",
        X509ChainStatusFlags.InvalidBasicConstraints => "it issued a certificate without being an authority, or at too great a depth",
        X509ChainStatusFlags.InvalidNameConstraints or X509ChainStatusFlags.HasNotPermittedNameConstraint or X509ChainStatusFlags.HasExcludedNameConstraint =>
            "an authority above it may not issue for this name",
        X509ChainStatusFlags.HasNotSupportedCriticalExtension => "it has a critical extension that is not understood",
        X509ChainStatusFlags.InvalidPolicyConstraints or X509ChainStatusFlags.NoIssuanceChainPolicy => "its certificate policies are not allowed by an authority above it",
        X509ChainStatusFlags.ExplicitDistrust => "it is distrusted",
        _ => $"it is refused: {status}",
    };
}
