using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates;

/// <summary>
/// Tells a root from a certificate that an authority issued to itself, for another of its keys (RFC 5280 section 3.2): both name themselves as
/// their issuer.
/// </summary>
internal static class SelfSignature
{
    /// <summary>True when the certificate is signed by its own key; where that cannot be verified here, when its names and identifiers say so.</summary>
    public static bool IsOn(X509Certificate2 certificate)
    {
        if (!certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)
            || (KeyIdentifiers.OfIssuer(certificate) is { } wanted && KeyIdentifiers.OfSubject(certificate) is { } own && !own.AsSpan().SequenceEqual(wanted)))
        {
            return false;
        }

        try
        {
            var whole = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.BER).ReadSequence();
            var signed = whole.ReadEncodedValue();
            _ = whole.ReadEncodedValue();
            var signature = whole.ReadBitString(out _);
            return DigestOf(certificate.SignatureAlgorithm.Value) is not { } digest || Verify(certificate, signed.Span, signature, digest);
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException)
        {
            return true;
        }
    }

    private static bool Verify(X509Certificate2 certificate, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature, HashAlgorithmName digest)
    {
        using var rsa = certificate.GetRSAPublicKey();
        using var elliptic = certificate.GetECDsaPublicKey();
        return rsa?.VerifyData(signed, signature, digest, RSASignaturePadding.Pkcs1)
            ?? elliptic?.VerifyData(signed, signature, digest, DSASignatureFormat.Rfc3279DerSequence)
            ?? true;
    }

    private static HashAlgorithmName? DigestOf(string? algorithm) => algorithm switch
    {
        "1.2.840.113549.1.1.5" or "1.2.840.10045.4.1" => HashAlgorithmName.SHA1,
        "1.2.840.113549.1.1.11" or "1.2.840.10045.4.3.2" => HashAlgorithmName.SHA256,
        "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => HashAlgorithmName.SHA384,
        "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" => HashAlgorithmName.SHA512,
        _ => null,
    };
}
