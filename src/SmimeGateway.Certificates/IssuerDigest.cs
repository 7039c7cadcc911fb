using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates;

/// <summary>The digest in the signature on a certificate.</summary>
internal static class IssuerDigest
{
    private const string Pss = "1.2.840.113549.1.1.10";
    private const string Sha1Oid = "1.3.14.3.2.26";

    private static readonly Asn1Tag PssHashTag = new(TagClass.ContextSpecific, 0);

    /// <summary>Whether collisions of the digest have been made, so that the certificate may be another one than was issued.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The algorithm cannot be read.</exception>
    public static bool IsBroken(X509Certificate2 certificate, [NotNullWhen(true)] out string? name)
    {
        var algorithm = certificate.SignatureAlgorithm.Value;
        name = algorithm switch
        {
            "1.2.840.113549.1.1.2" => "MD2",
            "1.2.840.113549.1.1.3" => "MD4",
            "1.2.840.113549.1.1.4" => "MD5",
            "1.2.840.113549.1.1.5" or "1.3.14.3.2.29" or "1.2.840.10040.4.3" or "1.2.840.10045.4.1" => "SHA-1",
            Pss when IsPssWithSha1(certificate) => "SHA-1",
            _ => null,
        };
        return name is not null;
    }

    // RFC 4055 section 3.1: without a hash algorithm SHA-1 is meant.
    private static bool IsPssWithSha1(X509Certificate2 certificate)
    {
        try
        {
            var whole = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
            whole.ReadEncodedValue();
            var identifier = whole.ReadSequence();
            identifier.ReadObjectIdentifier();
            if (!identifier.HasData)
            {
                return true;
            }

            var parameters = identifier.ReadSequence();
            return !parameters.HasData
                || !parameters.PeekTag().HasSameClassAndValue(PssHashTag)
                || parameters.ReadSequence(PssHashTag).ReadSequence().ReadObjectIdentifier() == Sha1Oid;
        }
        catch (AsnContentException)
        {
            return true;
        }
    }
}
