using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Crypto.Parameters;

namespace SmimeGateway.Certificates.Issuing;

/// <summary>A key made for a certificate, and what the certificate is to allow.</summary>
/// <param name="Public">The public half.</param>
/// <param name="Usage">What it is for.</param>
/// <param name="Pem">The private half in PKCS #8 and PEM.</param>
internal sealed record NewKey(PublicKey Public, X509KeyUsageFlags Usage, string Pem)
{
    private const int RsaBits = 2048;

    /// <summary>The keys of one owner: one that does everything, or one to sign with and one to encrypt to.</summary>
    public static IReadOnlyList<NewKey> Make(AuthorityKey kind) => kind switch
    {
        AuthorityKey.Rsa2048 => [MakeRsa()],
        AuthorityKey.EcP256 => [MakeElliptic()],
        AuthorityKey.Ed25519 =>
        [
            MakeModern("1.3.101.112", 32, X509KeyUsageFlags.DigitalSignature),
            MakeModern("1.3.101.110", 32, X509KeyUsageFlags.KeyAgreement),
        ],
        AuthorityKey.MlDsa =>
        [
            MakeModern("2.16.840.1.101.3.4.3.18", 32, X509KeyUsageFlags.DigitalSignature),
            MakeModern("2.16.840.1.101.3.4.4.2", 64, X509KeyUsageFlags.KeyEncipherment),
        ],
    };

    private static NewKey MakeRsa()
    {
        using var key = RSA.Create(RsaBits);
        return new NewKey(new PublicKey(key), X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, key.ExportPkcs8PrivateKeyPem());
    }

    private static NewKey MakeElliptic()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new NewKey(new PublicKey(key), X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyAgreement, key.ExportPkcs8PrivateKeyPem());
    }

    // All of these begin with random octets: the private key itself on a curve (RFC 8410 section 7), the seed of it otherwise (RFC 9881 and 9935, section 6).
    private static NewKey MakeModern(string oid, int seedLength, X509KeyUsageFlags usage)
    {
        var seed = RandomNumberGenerator.GetBytes(seedLength);
        var inner = new AsnWriter(AsnEncodingRules.DER);
        inner.WriteOctetString(seed, oid.StartsWith("1.3.101.", StringComparison.Ordinal) ? null : new Asn1Tag(TagClass.ContextSpecific, 0));
        var pkcs8 = new AsnWriter(AsnEncodingRules.DER);
        using (pkcs8.PushSequence())
        {
            pkcs8.WriteInteger(0);
            WriteIdentifier(pkcs8, oid);
            pkcs8.WriteOctetString(inner.Encode());
        }

        var info = new AsnWriter(AsnEncodingRules.DER);
        using (info.PushSequence())
        {
            WriteIdentifier(info, oid);
            info.WriteBitString(ComputePublic(oid, seed));
        }

        var key = new NewKey(
            PublicKey.CreateFromSubjectPublicKeyInfo(info.Encode(), out _), usage, PemEncoding.WriteString("PRIVATE KEY", pkcs8.Encode()));
        CryptographicOperations.ZeroMemory(seed);
        return key;
    }

    private static byte[] ComputePublic(string oid, byte[] seed) => oid switch
    {
        "1.3.101.112" => new Ed25519PrivateKeyParameters(seed).GeneratePublicKey().GetEncoded(),
        "1.3.101.110" => new X25519PrivateKeyParameters(seed).GeneratePublicKey().GetEncoded(),
        "2.16.840.1.101.3.4.3.18" => MLDsaPrivateKeyParameters.FromSeed(MLDsaParameters.ml_dsa_65, seed).GetPublicKeyEncoded(),
        _ => MLKemPrivateKeyParameters.FromSeed(MLKemParameters.ml_kem_768, seed).GetPublicKeyEncoded(),
    };

    private static void WriteIdentifier(AsnWriter writer, string oid)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
        }
    }
}
