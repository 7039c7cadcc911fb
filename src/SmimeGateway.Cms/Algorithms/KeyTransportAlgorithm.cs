using System.Formats.Asn1;
using System.Security.Cryptography;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>A way to encrypt a key with RSA.</summary>
/// <param name="Padding">The padding, as the framework calls it.</param>
/// <param name="Digest">The digest of OAEP and of its mask; null for PKCS#1 v1.5.</param>
/// <param name="Name">Its name for people.</param>
internal sealed record KeyTransportAlgorithm(RSAEncryptionPadding Padding, DigestAlgorithm? Digest, string Name)
{
    private const int Pkcs1Overhead = 11;

    private static readonly Asn1Tag DigestTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag MaskTag = new(TagClass.ContextSpecific, 1);

    private static readonly KeyTransportAlgorithm Pkcs1 = new(RSAEncryptionPadding.Pkcs1, null, "PKCS#1 v1.5");
    private static readonly KeyTransportAlgorithm OaepSha1 = Oaep(RSAEncryptionPadding.OaepSHA1, DigestAlgorithm.Sha1);
    private static readonly KeyTransportAlgorithm OaepSha256 = Oaep(RSAEncryptionPadding.OaepSHA256, DigestAlgorithm.Sha256);
    private static readonly KeyTransportAlgorithm OaepSha384 = Oaep(RSAEncryptionPadding.OaepSHA384, DigestAlgorithm.Sha384);
    private static readonly KeyTransportAlgorithm OaepSha512 = Oaep(RSAEncryptionPadding.OaepSHA512, DigestAlgorithm.Sha512);

    /// <summary>How much shorter than the modulus a key must be (RFC 8017 sections 7.1.1 and 7.2.1).</summary>
    public int Overhead => Digest is null ? Pkcs1Overhead : (2 * Digest.Length) + 2;

    /// <summary>The algorithm of a configured transport.</summary>
    public static KeyTransportAlgorithm Of(KeyTransport transport) => transport switch
    {
        KeyTransport.RsaPkcs1 => Pkcs1,
        KeyTransport.OaepSha1 => OaepSha1,
        KeyTransport.OaepSha256 => OaepSha256,
        KeyTransport.OaepSha384 => OaepSha384,
        KeyTransport.OaepSha512 => OaepSha512,
    };

    /// <summary>The DER of its algorithm identifier.</summary>
    public byte[] EncodeAlgorithmIdentifier()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Digest is null ? Oids.RsaEncryption : Oids.RsaesOaep);
            if (Digest is null)
            {
                writer.WriteNull();
            }
            else
            {
                WriteOaepParameters(writer, Digest);
            }
        }

        return writer.Encode();
    }

    // RSAES-OAEP-params of RFC 4055 section 4.1. SHA-1, MGF1 over it and an empty label are the defaults, which DER leaves out.
    private static void WriteOaepParameters(AsnWriter writer, DigestAlgorithm digest)
    {
        using (writer.PushSequence())
        {
            if (digest.Oid == Oids.Sha1)
            {
                return;
            }

            using (writer.PushSequence(DigestTag))
            {
                WriteDigest(writer, digest);
            }

            using (writer.PushSequence(MaskTag))
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Oids.Mgf1);
                WriteDigest(writer, digest);
            }
        }
    }

    private static void WriteDigest(AsnWriter writer, DigestAlgorithm digest)
    {
        using (writer.PushSequence())
        {
            // Here the parameters are NULL, as RFC 4055 section 2.1 writes these identifiers.
            writer.WriteObjectIdentifier(digest.Oid);
            writer.WriteNull();
        }
    }

    private static KeyTransportAlgorithm Oaep(RSAEncryptionPadding padding, DigestAlgorithm digest) =>
        new(padding, digest, $"OAEP with {digest.Name}");
}
