using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms;

namespace SmimeGateway.Opening;

/// <summary>
/// Certificates under the names that CMS objects have for them. A message may name thousands of recipients, and a gateway have thousands of
/// certificates: each name is looked up, not compared with all of them.
/// </summary>
internal sealed class CertificateIndex<T>
{
    private readonly Func<T, X509Certificate2> _certificateOf;
    private readonly ILookup<string, T> _bySerialNumber;
    private readonly ILookup<string, T> _byKeyIdentifier;

    /// <summary>Takes the certificates as they are now; no key is opened.</summary>
    public CertificateIndex(IEnumerable<T> certificates, Func<T, X509Certificate2> certificateOf)
    {
        T[] all = [.. certificates];
        _certificateOf = certificateOf;
        _bySerialNumber = all.ToLookup(one => certificateOf(one).SerialNumber, StringComparer.Ordinal);
        _byKeyIdentifier = all.ToLookup(one => KeyIdentifierOf(certificateOf(one)), StringComparer.Ordinal);
    }

    /// <summary>All that are so named: several where a certificate was renewed with the same key.</summary>
    public IEnumerable<T> Find(CertificateIdentifier identifier)
    {
        var candidates = identifier.Issuer.IsEmpty
            ? _byKeyIdentifier[Convert.ToHexString(identifier.SubjectKeyIdentifier.Span)]
            : _bySerialNumber[Convert.ToHexString(identifier.SerialNumber.Span)];
        return candidates.Where(one => identifier.Names(_certificateOf(one)));
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
