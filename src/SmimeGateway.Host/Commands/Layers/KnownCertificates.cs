using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates;

namespace SmimeGateway.Host.Commands.Layers;

/// <summary>
/// Tells whose certificate a message names: issuer and serial number mean something to a program alone. It is for display, so names that
/// were encoded in another way than in the certificate simply stay as they are.
/// </summary>
internal sealed class KnownCertificates
{
    private readonly Dictionary<string, IReadOnlyList<string>> _addresses = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Knows the certificates of partners.</summary>
    public KnownCertificates(IEnumerable<PartnerCertificate> partners)
    {
        foreach (var partner in partners)
        {
            foreach (var name in NamesOf(partner.Certificate))
            {
                _addresses.TryAdd(name, partner.Traits.Addresses);
            }
        }
    }

    /// <summary>The addresses of the certificate that a message names so; none when it is not known.</summary>
    public IReadOnlyList<string> AddressesOf(string name) => _addresses.GetValueOrDefault(name, []);

    // The two forms of a recipient identifier (RFC 5652 section 6.2.1) as text.
    private static IEnumerable<string> NamesOf(X509Certificate2 certificate)
    {
        string issuer;
        X509SubjectKeyIdentifierExtension? key;
        try
        {
            issuer = certificate.IssuerName.Name;
            key = certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault();
        }
        catch (CryptographicException)
        {
            yield break;
        }

        yield return $"serial number {certificate.SerialNumber} of {issuer}";
        if (key is not null)
        {
            yield return $"key identifier {Convert.ToHexString(key.SubjectKeyIdentifierBytes.Span)}";
        }
    }
}
