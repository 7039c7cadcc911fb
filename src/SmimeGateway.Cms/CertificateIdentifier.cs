using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Cms;

/// <summary>How a CMS object names a certificate: by issuer and serial number, or by subject key identifier.</summary>
public sealed class CertificateIdentifier
{
    private CertificateIdentifier(
        ReadOnlyMemory<byte> issuer, ReadOnlyMemory<byte> serialNumber, ReadOnlyMemory<byte> subjectKeyIdentifier)
    {
        Issuer = issuer;
        SerialNumber = serialNumber;
        SubjectKeyIdentifier = subjectKeyIdentifier;
    }

    /// <summary>The issuer's distinguished name as it was encoded; empty if the certificate is named by key identifier.</summary>
    public ReadOnlyMemory<byte> Issuer { get; }

    /// <summary>The serial number, big-endian as it was encoded; empty if the certificate is named by key identifier.</summary>
    public ReadOnlyMemory<byte> SerialNumber { get; }

    /// <summary>The subject key identifier; empty if the certificate is named by issuer and serial number.</summary>
    public ReadOnlyMemory<byte> SubjectKeyIdentifier { get; }

    /// <summary>Whether this names the certificate; a malformed certificate is named by nothing.</summary>
    public bool Names(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        try
        {
            return Issuer.IsEmpty ? IsKeyOf(certificate) : IsSerialNumberOf(certificate) && IsIssuer(certificate.IssuerName);
        }
        catch (CryptographicException)
        {
            // The framework decodes names and extensions when they are first looked at, and finds out then that they are malformed.
            return false;
        }
    }

    /// <summary>Issuer and serial number, or key identifier, as text.</summary>
    public override string ToString() => Issuer.IsEmpty
        ? $"key identifier {Convert.ToHexString(SubjectKeyIdentifier.Span)}"
        : $"serial number {Convert.ToHexString(SerialNumber.Span)} of {DecodedIssuer() ?? "an unreadable issuer"}";

    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    internal static CertificateIdentifier ReadIssuerAndSerial(AsnReader fields) =>
        new(fields.ReadEncodedValue(), fields.ReadIntegerBytes(), default);

    internal static CertificateIdentifier OfKey(ReadOnlyMemory<byte> subjectKeyIdentifier) =>
        new(default, default, subjectKeyIdentifier);

    private bool IsKeyOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault() is { } extension
        && extension.SubjectKeyIdentifierBytes.Span.SequenceEqual(SubjectKeyIdentifier.Span);

    private bool IsSerialNumberOf(X509Certificate2 certificate) =>
        certificate.SerialNumberBytes.Span.SequenceEqual(SerialNumber.Span);

    // Producers re-encode names (PrintableString as UTF8String and so on), so unequal bytes may be equal names.
    private bool IsIssuer(X500DistinguishedName name) =>
        name.RawData.AsSpan().SequenceEqual(Issuer.Span)
        || string.Equals(name.Name, DecodedIssuer(), StringComparison.OrdinalIgnoreCase);

    private string? DecodedIssuer()
    {
        try
        {
            return new X500DistinguishedName(Issuer.Span).Name;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
