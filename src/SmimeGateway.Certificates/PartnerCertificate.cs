using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Finding;

namespace SmimeGateway.Certificates;

/// <summary>A certificate that mail may be encrypted to.</summary>
/// <param name="Source">The configured name of the source it comes from.</param>
/// <param name="Location">The file it was read from, or the entry.</param>
/// <param name="Certificate">The certificate, without a private key.</param>
/// <param name="Traits">What the certificate says.</param>
public sealed record PartnerCertificate(string Source, string Location, X509Certificate2 Certificate, CertificateTraits Traits)
    : IHeldCertificate<PartnerCertificate>
{
    /// <summary>A certificate with the traits and the capabilities that stand in it.</summary>
    /// <param name="source">The configured name of the source it comes from.</param>
    /// <param name="location">The file it was read from, or the entry.</param>
    /// <param name="certificate">The certificate; it may be damaged or unusable.</param>
    public static PartnerCertificate Of(string source, string location, X509Certificate2 certificate)
    {
        var traits = CertificateTraits.Read(certificate);
        return new PartnerCertificate(source, location, certificate, traits) { Capabilities = traits.Capabilities };
    }

    /// <summary>A certificate of our own to encrypt to, such as an author's; whoever put its key there vouches for it. Does not open the key.</summary>
    public static PartnerCertificate Of(OwnCertificate own)
    {
        ArgumentNullException.ThrowIfNull(own);
        return Of(own.Source, own.Location, own.PublicCertificate) with { IsVouchedFor = true };
    }

    /// <summary>Certificates that came along with it and may complete its chain; they are not trusted for that.</summary>
    public IReadOnlyList<X509Certificate2> Companions { get; init; } = [];

    /// <summary>True when the administrator vouches for the source, so that its certificates need no chain to a trusted root.</summary>
    public bool IsVouchedFor { get; init; }

    /// <summary>
    /// The S/MIME capabilities its owner announced last, in a signed message or in the certificate, in DER; empty when none are known.
    /// </summary>
    public ReadOnlyMemory<byte> Capabilities { get; init; }

    /// <summary>When the message was signed that announced them; null when none did, and they stand in the certificate.</summary>
    public DateTimeOffset? Announced { get; init; }

    X509Certificate2 IHeldCertificate<PartnerCertificate>.PublicCertificate => Certificate;

    PartnerCertificate IHeldCertificate<PartnerCertificate>.Below(ChainAssembly issuers) =>
        this with { Companions = issuers.AllAbove(Certificate) };

    /// <inheritdoc />
    public override string ToString() => $"{Traits.Subject} (fingerprint {Traits.Thumbprint}, {Location})";
}
