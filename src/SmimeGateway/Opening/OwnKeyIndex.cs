using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates;
using SmimeGateway.Cms;

namespace SmimeGateway.Opening;

/// <summary>
/// Own certificates under the names that encrypted mail has for them. A message may name thousands of recipients, and a gateway have
/// thousands of certificates: each name is looked up, not compared with all of them.
/// </summary>
internal sealed class OwnKeyIndex
{
    private readonly ILookup<string, OwnCertificate> _bySerialNumber;
    private readonly ILookup<string, OwnCertificate> _byKeyIdentifier;

    /// <summary>Takes the certificates as they are now; no key is opened.</summary>
    public OwnKeyIndex(IEnumerable<OwnCertificate> own)
    {
        OwnCertificate[] all = [.. own];
        _bySerialNumber = all.ToLookup(certificate => certificate.PublicCertificate.SerialNumber, StringComparer.Ordinal);
        _byKeyIdentifier = all.ToLookup(certificate => KeyIdentifierOf(certificate.PublicCertificate), StringComparer.Ordinal);
    }

    /// <summary>All that are so named: several where a certificate was renewed with the same key.</summary>
    public IEnumerable<OwnCertificate> Find(CertificateIdentifier identifier)
    {
        var candidates = identifier.Issuer.IsEmpty
            ? _byKeyIdentifier[Convert.ToHexString(identifier.SubjectKeyIdentifier.Span)]
            : _bySerialNumber[Convert.ToHexString(identifier.SerialNumber.Span)];
        return candidates.Where(own => identifier.Names(own.PublicCertificate));
    }

    private static string KeyIdentifierOf(X509Certificate2 certificate)
    {
        try
        {
            return certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()?.SubjectKeyIdentifier ?? string.Empty;
        }
        catch (CryptographicException)
        {
            return string.Empty;
        }
    }
}
