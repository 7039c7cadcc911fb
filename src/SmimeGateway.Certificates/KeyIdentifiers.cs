using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates;

/// <summary>The identifiers of keys in certificates (RFC 5280, sections 4.2.1.1 and 4.2.1.2); a malformed one counts as absent.</summary>
internal static class KeyIdentifiers
{
    /// <summary>The identifier of the certificate's own key.</summary>
    public static byte[]? OfSubject(X509Certificate2 certificate) => Read(
        certificate, "2.5.29.14", extension => new X509SubjectKeyIdentifierExtension(extension, extension.Critical).SubjectKeyIdentifierBytes.ToArray());

    /// <summary>The identifier of the key that signed the certificate.</summary>
    public static byte[]? OfIssuer(X509Certificate2 certificate) => Read(
        certificate, "2.5.29.35", extension => new X509AuthorityKeyIdentifierExtension(extension.RawData, extension.Critical).KeyIdentifier?.ToArray());

    private static byte[]? Read(X509Certificate2 certificate, string identifier, Func<X509Extension, byte[]?> read)
    {
        try
        {
            return certificate.Extensions.FirstOrDefault(extension => extension.Oid?.Value == identifier) is { } found ? read(found) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
