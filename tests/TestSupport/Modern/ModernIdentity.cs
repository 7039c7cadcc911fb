using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace SmimeGateway.TestSupport.Modern;

/// <summary>A certificate of a kind that the framework has no keys of, with its private key beside it; issued by the intermediate of <see cref="TestPki"/>.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="Pkcs8">The private key.</param>
public sealed record ModernIdentity(X509Certificate2 Certificate, byte[] Pkcs8)
{
    /// <summary>The private key in PEM.</summary>
    public string KeyPem => PemEncoding.WriteString("PRIVATE KEY", Pkcs8) + "\n";

    /// <summary>The certificate in PEM.</summary>
    public string CertificatePem => Certificate.ExportCertificatePem() + "\n";

    /// <summary>Makes a key and issues a certificate for it, which allows what its kind can do.</summary>
    public static ModernIdentity Issue(string address, ModernKind kind, DateTimeOffset? notAfter = null, params IReadOnlyList<string> others)
    {
        var key = Generate(kind);
        var info = SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(key.Public).GetDerEncoded();

        // Without the public key, which not all programs expect in PKCS #8.
        var both = PrivateKeyInfoFactory.CreatePrivateKeyInfo(key.Private);
        var alone = new PrivateKeyInfo(both.PrivateKeyAlgorithm, both.ParsePrivateKey());
        return new ModernIdentity(IssueFor(address, info, UsageOf(kind), notAfter, keyIdentifier: null, others), alone.GetDerEncoded());
    }

    /// <summary>Makes an RSA key that its algorithm identifier restricts, with the parameters that are given or none.</summary>
    public static ModernIdentity IssueRsa(string address, string oid, byte[]? parameters = null, int bits = 2048)
    {
        using var key = RSA.Create(bits);
        var info = Wrap(oid, parameters, writer => writer.WriteBitString(key.ExportRSAPublicKey()), version: null);
        var pkcs8 = Wrap(oid, parameters, writer => writer.WriteOctetString(key.ExportRSAPrivateKey()), version: 0);
        var usage = oid.EndsWith(".10", StringComparison.Ordinal) ? X509KeyUsageFlags.DigitalSignature : X509KeyUsageFlags.KeyEncipherment;
        return new ModernIdentity(IssueFor(address, info, usage), pkcs8);
    }

    /// <summary>Issues a certificate for any public key.</summary>
    public static X509Certificate2 IssueFor(
        string address, byte[] publicKeyInfo, X509KeyUsageFlags usage, DateTimeOffset? notAfter = null, byte[]? keyIdentifier = null, params IReadOnlyList<string> others)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(address);
        var key = PublicKey.CreateFromSubjectPublicKeyInfo(publicKeyInfo, out _);
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(others.Count == 0 ? TestPki.MakeAlternativeName(address) : TestPki.MakeAlternativeNames([address, .. others]));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.4")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(keyIdentifier ?? SHA256.HashData(publicKeyInfo)[..20], critical: false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(TestPki.Intermediate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using var issuer = TestPki.Intermediate.GetRSAPrivateKey()!;
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return request.Create(
            TestPki.Intermediate.SubjectName,
            X509SignatureGenerator.CreateForRSA(issuer, RSASignaturePadding.Pkcs1),
            TestPki.NotBefore,
            notAfter ?? TestPki.NotAfter,
            serial);
    }

    /// <summary>The kind's name for people.</summary>
    public static string NameOf(ModernKind kind) => kind.ToString().Replace("MlDsa", "ML-DSA-", StringComparison.Ordinal).Replace("MlKem", "ML-KEM-", StringComparison.Ordinal);

    private static byte[] Wrap(string oid, byte[]? parameters, Action<AsnWriter> writeKey, int? version)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            if (version is { } number)
            {
                writer.WriteInteger(number);
            }

            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(oid);
                if (parameters is not null)
                {
                    writer.WriteEncodedValue(parameters);
                }
            }

            writeKey(writer);
        }

        return writer.Encode();
    }

    private static AsymmetricCipherKeyPair Generate(ModernKind kind)
    {
        var name = NameOf(kind);
        var (generator, parameters) = name[..3] switch
        {
            "ML-" when name.StartsWith("ML-DSA", StringComparison.Ordinal) => ((IAsymmetricCipherKeyPairGenerator)new MLDsaKeyPairGenerator(),
                (KeyGenerationParameters)new MLDsaKeyGenerationParameters(new SecureRandom(), kind switch
                {
                    ModernKind.MlDsa44 => MLDsaParameters.ml_dsa_44,
                    ModernKind.MlDsa65 => MLDsaParameters.ml_dsa_65,
                    _ => MLDsaParameters.ml_dsa_87,
                })),
            "ML-" => (new MLKemKeyPairGenerator(), new MLKemKeyGenerationParameters(new SecureRandom(), kind switch
            {
                ModernKind.MlKem512 => MLKemParameters.ml_kem_512,
                ModernKind.MlKem768 => MLKemParameters.ml_kem_768,
                _ => MLKemParameters.ml_kem_1024,
            })),
            _ => (GeneratorUtilities.GetKeyPairGenerator(name), new KeyGenerationParameters(new SecureRandom(), 0)),
        };
        generator.Init(parameters);
        return generator.GenerateKeyPair();
    }

    private static X509KeyUsageFlags UsageOf(ModernKind kind) => kind switch
    {
        ModernKind.X25519 or ModernKind.X448 => X509KeyUsageFlags.KeyAgreement,
        ModernKind.MlKem512 or ModernKind.MlKem768 or ModernKind.MlKem1024 => X509KeyUsageFlags.KeyEncipherment,
        _ => X509KeyUsageFlags.DigitalSignature,
    };
}
