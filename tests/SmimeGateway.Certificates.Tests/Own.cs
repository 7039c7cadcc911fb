using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Tests;

/// <summary>Own certificates as a source would give them.</summary>
internal static class Own
{
    public static OwnCertificate Of(X509Certificate2 certificate) => new("test", "memory", certificate, [], CertificateTraits.Read(certificate));
}
