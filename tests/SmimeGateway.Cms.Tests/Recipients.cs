using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests;

/// <summary>Recipients, and certificates of kinds that nobody should encrypt to.</summary>
internal static class Recipients
{
    public static CmsRecipient Make(
        X509Certificate2 certificate,
        KeyTransport transport = KeyTransport.RsaPkcs1,
        RecipientNaming naming = RecipientNaming.IssuerAndSerial)
    {
        CmsRecipient.TryCreate(certificate, transport, naming, out var recipient, out var fault).ShouldBeTrue(fault?.Reason);
        return recipient!;
    }

    public static CmsFault Refuse(X509Certificate2 certificate, KeyTransport transport = KeyTransport.RsaPkcs1)
    {
        CmsRecipient.TryCreate(certificate, transport, RecipientNaming.IssuerAndSerial, out var recipient, out var fault).ShouldBeFalse();
        recipient.ShouldBeNull();
        return fault!;
    }

    /// <summary>Issues a certificate for any public key, without a single extension unless given.</summary>
    public static X509Certificate2 Issue(PublicKey key, params X509Extension[] extensions)
    {
        var request = new CertificateRequest(new X500DistinguishedName("CN=odd"), key, HashAlgorithmName.SHA256);
        foreach (var extension in extensions)
        {
            request.CertificateExtensions.Add(extension);
        }

        var issuer = X509SignatureGenerator.CreateForRSA(TestPki.Intermediate.GetRSAPrivateKey()!, RSASignaturePadding.Pkcs1);
        return request.Create(TestPki.Intermediate.SubjectName, issuer, TestPki.NotBefore, TestPki.NotAfter, [1, 2, 3]);
    }

    public static X509Certificate2 Issue(RSA key) => Issue(new PublicKey(key));

    public static X509Certificate2 Issue(RSAParameters key)
    {
        // OpenSSL would not load some of the keys that tests are about, so that they are encoded here.
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(key.Modulus);
            writer.WriteIntegerUnsigned(key.Exponent);
        }

        return Issue(new PublicKey(new Oid("1.2.840.113549.1.1.1"), new AsnEncodedData([5, 0]), new AsnEncodedData(writer.Encode())));
    }
}
