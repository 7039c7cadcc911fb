using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Trusting;

/// <summary>A certificate whose chain to a trusted root has been verified.</summary>
public sealed class TrustedCertificate
{
    internal TrustedCertificate(X509Certificate2 certificate, IReadOnlyList<X509Certificate2> chain)
    {
        Certificate = certificate;
        Chain = chain;
        Traits = CertificateTraits.Read(certificate);
    }

    /// <summary>The certificate.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The certificates above it, issuer first and root last.</summary>
    public IReadOnlyList<X509Certificate2> Chain { get; }

    /// <summary>What the certificate says.</summary>
    public CertificateTraits Traits { get; }
}
