using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests;

/// <summary>Certificates of partners as a source would give them.</summary>
internal static class Partner
{
    public static PartnerCertificate Of(X509Certificate2 certificate, string location = "memory")
        => PartnerCertificate.Of("test", location, TestPki.Public(certificate));
}
