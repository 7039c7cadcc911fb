using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Trusting;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>Files of authorities hold authorities.</summary>
internal static class NoAuthoritiesCheck
{
    /// <summary>Warns about certificates of people and hosts, which vouch for nobody: whoever put them there expects that they do.</summary>
    public static IEnumerable<CheckFinding> Check(string subject, IReadOnlyList<string> paths) =>
        from path in paths
        from certificate in AuthorityFiles.Load([path]).Certificates
        where !IsAuthority(certificate)
        let traits = CertificateTraits.Read(certificate)
        select CheckFinding.Warning(
            $"{subject}: {path}",
            $"{traits.Subject} is no authority, and vouches for nobody. Put the certificate of its issuer there, {traits.Issuer}, or the file into a folder of partners.");

    // Roots of the first version of X.509 have no extensions, and sign themselves.
    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is { } constraints
            ? constraints.CertificateAuthority
            : certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}
