using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Finding;

/// <summary>A certificate that a source holds: one of our own, or a partner's.</summary>
internal interface IHeldCertificate<out TSelf>
    where TSelf : IHeldCertificate<TSelf>
{
    /// <summary>The file it was read from.</summary>
    string Location { get; }

    /// <summary>What the certificate says.</summary>
    CertificateTraits Traits { get; }

    /// <summary>The certificate, without opening its key.</summary>
    X509Certificate2 PublicCertificate { get; }

    /// <summary>The same with the certificates above it.</summary>
    TSelf Below(ChainAssembly issuers);
}
