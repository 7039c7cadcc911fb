using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Crypto;
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
    public static ModernIdentity Issue(string address, ModernKind kind, DateTimeOffset? notAfter = null)
    {
        var pair = GeneratorUtilities.GetKeyPairGenerator(NameOf(kind));
        pair.Init(new KeyGenerationParameters(new SecureRandom(), 0));
        var key = pair.GenerateKeyPair();
        var info = SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(key.Public).GetDerEncoded();

        // Without the public key, which not all programs expect in PKCS #8.
        var both = PrivateKeyInfoFactory.CreatePrivateKeyInfo(key.Private);
        var alone = new PrivateKeyInfo(both.PrivateKeyAlgorithm, both.ParsePrivateKey());
        return new ModernIdentity(IssueFor(address, info, UsageOf(kind), notAfter), alone.GetDerEncoded());
    }

    /// <summary>Issues a certificate for any public key.</summary>
    public static X509Certificate2 IssueFor(string address, byte[] publicKeyInfo, X509KeyUsageFlags usage, DateTimeOffset? notAfter = null)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(address);
        var key = PublicKey.CreateFromSubjectPublicKeyInfo(publicKeyInfo, out _);
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(TestPki.MakeAlternativeName(address));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.4")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(SHA256.HashData(publicKeyInfo).AsSpan(0, 20), critical: false));
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

    private static string NameOf(ModernKind kind) => kind.ToString();

    private static X509KeyUsageFlags UsageOf(ModernKind kind) => kind switch
    {
        ModernKind.X25519 or ModernKind.X448 => X509KeyUsageFlags.KeyAgreement,
        _ => X509KeyUsageFlags.DigitalSignature,
    };
}
