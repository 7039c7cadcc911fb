using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Relaying.Securing;

/// <summary>Says why the certificate of a next hop is refused, in words that name the certificate's own side of the matter.</summary>
internal static class PeerJudgement
{
    private const int MaxNameChars = 200;
    private const int MaxNames = 5;

    /// <summary>The end of a sentence that begins "The certificate is refused:", or null when the certificate is accepted.</summary>
    /// <param name="trust">What the route asks for; null for the usual.</param>
    /// <param name="name">The name that was expected.</param>
    /// <param name="certificate">What the host showed.</param>
    /// <param name="chain">The chain as the framework built it.</param>
    /// <param name="errors">What the framework objects to.</param>
    public static string? FindRefusal(
        RouteTrustOptions? trust, string name, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return "the host showed none";
        }

        if (trust is { Fingerprints.Count: > 0 })
        {
            var shown = certificate.GetCertHashString(HashAlgorithmName.SHA256);
            return trust.Fingerprints.Contains(shown, StringComparer.OrdinalIgnoreCase)
                ? null
                : $"its SHA-256 fingerprint is {shown}, which is not pinned";
        }

        List<string> reasons = [];
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            reasons.Add($"it is for {NamesOf(certificate)}, not for {name}");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            reasons.AddRange(ReasonsOf(certificate, chain));
        }

        return reasons.Count > 0 ? string.Join("; ", reasons.Distinct())
            : errors == SslPolicyErrors.None ? null
            : "the host showed none";
    }

    private static IEnumerable<string> ReasonsOf(X509Certificate2 leaf, X509Chain? chain)
    {
        var reasons = (chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            .SelectMany(element => element.ChainElementStatus.Select(status => (element.Certificate, status.Status)))
            .Where(reason => reason.Status != X509ChainStatusFlags.NoError)
            .Select(reason => Say(reason.Certificate.Equals(leaf), reason.Certificate, reason.Status))
            .ToList();

        // Some faults belong to the chain as a whole.
        return reasons.Count > 0 ? reasons
            : (chain?.ChainStatus ?? []).Select(status => Say(isLeaf: true, leaf, status.Status)).DefaultIfEmpty("its chain is not trusted");
    }

    private static string Say(bool isLeaf, X509Certificate2 certificate, X509ChainStatusFlags status)
    {
        var it = isLeaf ? "it" : $"its issuer {Printable(certificate.Subject)}";
        return status switch
        {
            X509ChainStatusFlags.NotTimeValid => $"{it} {SayValidity(certificate)}",
            X509ChainStatusFlags.UntrustedRoot when isLeaf => "it is self-signed, and not trusted",
            X509ChainStatusFlags.UntrustedRoot => $"it ends at the root {Printable(certificate.Subject)}, which is not trusted",
            X509ChainStatusFlags.PartialChain => $"the issuer {Printable(certificate.Issuer)} is neither trusted nor sent along",
            X509ChainStatusFlags.NotSignatureValid => $"the signature of {it} is wrong",
            X509ChainStatusFlags.NotValidForUsage => $"{it} is not meant for servers",
            X509ChainStatusFlags.InvalidBasicConstraints => $"{it} may not issue certificates",
            X509ChainStatusFlags.InvalidNameConstraints or X509ChainStatusFlags.HasNotPermittedNameConstraint
                or X509ChainStatusFlags.HasExcludedNameConstraint => "an authority above it may not issue for this name",
            _ => $"{it} is not acceptable ({status})",
        };
    }

    private static string SayValidity(X509Certificate2 certificate)
    {
        var (from, to) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        return string.Create(CultureInfo.InvariantCulture, $"is valid from {from:yyyy-MM-dd} to {to:yyyy-MM-dd} only");
    }

    private static string NamesOf(X509Certificate2 certificate)
    {
        List<string> names = [];
        foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            names.AddRange(extension.EnumerateDnsNames());
            names.AddRange(extension.EnumerateIPAddresses().Select(address => address.ToString()));
        }

        return names.Count == 0
            ? $"no host ({Printable(certificate.Subject)})"
            : string.Join(", ", names.Take(MaxNames).Select(Printable)) + (names.Count > MaxNames ? ", ..." : string.Empty);
    }

    private static string Printable(string foreign) => PrintableText.From(Encoding.UTF8.GetBytes(foreign), MaxNameChars);
}
