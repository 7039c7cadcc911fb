using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;

namespace SmimeGateway.Cms.Writing;

/// <summary>Encodes what a signature says about certificates.</summary>
internal static class CertificateAttributes
{
    private static readonly Asn1Tag IssuerAndSerialTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag DirectoryNameTag = new(TagClass.ContextSpecific, 4);

    /// <summary>IssuerAndSerialNumber (RFC 5652 section 10.2.4).</summary>
    public static byte[] EncodeIssuerAndSerial(X509Certificate2 certificate)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteIssuerAndSerial(writer, certificate);
        }

        return writer.Encode();
    }

    /// <summary>The attribute that names the certificate answers are to be encrypted to (RFC 8551 section 2.5.3).</summary>
    public static byte[] EncodeEncryptionKeyPreference(X509Certificate2 certificate) =>
        SignedAttributesTemplate.EncodeAttribute(Oids.EncryptionKeyPreference, writer =>
        {
            using (writer.PushSequence(IssuerAndSerialTag))
            {
                WriteIssuerAndSerial(writer, certificate);
            }
        });

    /// <summary>The attribute that binds the signature to one certificate by its SHA-256 (RFC 5035 section 3).</summary>
    public static byte[] EncodeSigningCertificateV2(X509Certificate2 certificate) =>
        SignedAttributesTemplate.EncodeAttribute(Oids.SigningCertificateV2, writer =>
        {
            using (writer.PushSequence())
            using (writer.PushSequence())
            using (writer.PushSequence())
            {
                // The algorithm is absent: SHA-256 is the default, and DER leaves defaults out.
                Span<byte> digest = stackalloc byte[DigestAlgorithm.MaxLength];
                writer.WriteOctetString(DigestAlgorithm.Sha256.Compute(certificate.RawDataMemory.Span, digest));
                using (writer.PushSequence())
                {
                    using (writer.PushSequence())
                    using (writer.PushSequence(DirectoryNameTag))
                    {
                        writer.WriteEncodedValue(certificate.IssuerName.RawData);
                    }

                    writer.WriteInteger(certificate.SerialNumberBytes.Span);
                }
            }
        });

    /// <summary>Whether the key usage of the certificate, if it has one, lets messages be encrypted to it.</summary>
    public static bool AllowsEncryption(X509Certificate2 certificate)
    {
        const X509KeyUsageFlags Encrypting = X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.KeyAgreement;
        var usage = certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        return usage is null || (usage.KeyUsages & Encrypting) != 0;
    }

    private static void WriteIssuerAndSerial(AsnWriter writer, X509Certificate2 certificate)
    {
        writer.WriteEncodedValue(certificate.IssuerName.RawData);
        writer.WriteInteger(certificate.SerialNumberBytes.Span);
    }
}
