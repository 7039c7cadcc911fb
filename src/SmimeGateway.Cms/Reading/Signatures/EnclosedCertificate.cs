using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Cms.Reading.Signatures;

/// <summary>A certificate within a CMS object, loaded when it is first asked for.</summary>
internal sealed class EnclosedCertificate(ReadOnlyMemory<byte> encoded)
{
    private readonly Lazy<X509Certificate2?> _certificate = new(() => Load(encoded.Span));

    /// <summary>Its bytes as they were sent.</summary>
    public ReadOnlyMemory<byte> Encoded { get; } = encoded;

    /// <summary>The certificate, or null if it is unreadable.</summary>
    public X509Certificate2? Certificate => _certificate.Value;

    private static X509Certificate2? Load(ReadOnlySpan<byte> encoded)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(encoded);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
