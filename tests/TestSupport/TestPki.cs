using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.TestSupport;

/// <summary>
/// A public key infrastructure in memory: a root, an intermediate authority below it, and certificates that the intermediate issues.
/// Unless a test asks otherwise, they are valid from 2024 to 2046.
/// </summary>
public static class TestPki
{
    private static readonly Lazy<X509Certificate2> LazyRoot = new(() => MakeAuthority("Test Root", issuer: null, pathLength: 2));
    private static readonly Lazy<X509Certificate2> LazyIntermediate = new(() => MakeAuthority("Test Intermediate", Root, pathLength: 0));
    private static readonly CertificateRevocationListBuilder Revocations = new();
    private static readonly PbeParameters FastEncryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2000);

    /// <summary>The first moment of an ordinary certificate.</summary>
    public static DateTimeOffset NotBefore { get; } = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The last moment of an ordinary certificate.</summary>
    public static DateTimeOffset NotAfter { get; } = new(2046, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A moment at which ordinary certificates are valid.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The self-signed root, with its private key.</summary>
    public static X509Certificate2 Root => LazyRoot.Value;

    /// <summary>The authority that issues, with its private key.</summary>
    public static X509Certificate2 Intermediate => LazyIntermediate.Value;

    /// <summary>The certificates above an issued one, issuer first and root last, without private keys.</summary>
    public static IReadOnlyList<X509Certificate2> Chain => [Public(Intermediate), Public(Root)];

    /// <summary>Issues a certificate with its private key; all certificates of a kind share one key unless <paramref name="keyOwner"/> names another.</summary>
    public static X509Certificate2 Issue(
        string address,
        KeyKind kind = KeyKind.Rsa2048,
        TestUsage usage = TestUsage.SigningAndEncryption,
        DateTimeOffset? notBefore = null,
        DateTimeOffset? notAfter = null,
        string keyOwner = "")
    {
        var request = MakeRequest(MakeName(address, withEmail: address.All(char.IsAscii)), kind, keyOwner);
        request.CertificateExtensions.Add(MakeAlternativeName(address));
        AddUsage(request, usage, TestKeys.IsElliptic(kind));
        return Sign(request, kind, keyOwner, notBefore ?? NotBefore, notAfter ?? NotAfter);
    }

    /// <summary>Issues a certificate for mail that names several addresses.</summary>
    public static X509Certificate2 IssueFor(IEnumerable<string> addresses, string keyOwner = "")
    {
        var request = MakeRequest(MakeName("Many Addresses", withEmail: false), KeyKind.Rsa2048, keyOwner);
        request.CertificateExtensions.Add(MakeAlternativeNames(addresses));
        AddUsage(request, TestUsage.SigningAndEncryption, isElliptic: false);
        return Sign(request, KeyKind.Rsa2048, keyOwner, NotBefore, NotAfter);
    }

    /// <summary>Issues a certificate whose extensions, besides the key identifiers, the test chooses.</summary>
    public static X509Certificate2 IssueWith(X500DistinguishedName subject, KeyKind kind, params X509Extension[] extensions)
    {
        var request = MakeRequest(subject, kind, "");
        foreach (var extension in extensions)
        {
            request.CertificateExtensions.Add(extension);
        }

        return Sign(request, kind, "", NotBefore, NotAfter);
    }

    /// <summary>Issues a certificate by which a TLS server shows that it is the host, given by name or address.</summary>
    public static X509Certificate2 ForHost(string host, DateTimeOffset? notAfter = null, KeyKind kind = KeyKind.Rsa2048)
    {
        var request = MakeRequest(MakeName(host, withEmail: false), kind, "");
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        AddUsage(request, TestUsage.TlsServer, TestKeys.IsElliptic(kind));
        return Sign(request, kind, "", NotBefore, notAfter ?? NotAfter);
    }

    /// <summary>Was valid until 2025.</summary>
    public static X509Certificate2 Expired(string address, KeyKind kind = KeyKind.Rsa2048)
        => Issue(address, kind, notAfter: new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>Will be valid from 2045.</summary>
    public static X509Certificate2 NotYetValid(string address, KeyKind kind = KeyKind.Rsa2048)
        => Issue(address, kind, notBefore: new DateTimeOffset(2045, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>Is meant for TLS servers.</summary>
    public static X509Certificate2 WrongUsage(string address, KeyKind kind = KeyKind.Rsa2048) => Issue(address, kind, TestUsage.TlsServer);

    /// <summary>Allows nothing but signatures.</summary>
    public static X509Certificate2 SigningOnly(string address, KeyKind kind = KeyKind.Rsa2048) => Issue(address, kind, TestUsage.SigningOnly);

    /// <summary>Allows nothing but encryption.</summary>
    public static X509Certificate2 EncryptionOnly(string address, KeyKind kind = KeyKind.Rsa2048) => Issue(address, kind, TestUsage.EncryptionOnly);

    /// <summary>Stands on the revocation list of the intermediate.</summary>
    public static X509Certificate2 Revoked(string address, KeyKind kind = KeyKind.Rsa2048)
    {
        var certificate = Issue(address, kind);
        lock (Revocations)
        {
            Revocations.AddEntry(certificate, NotBefore.AddDays(1), X509RevocationReason.KeyCompromise);
        }

        return certificate;
    }

    /// <summary>The revocation list of the intermediate in DER, with all that <see cref="Revoked"/> made so far.</summary>
    public static byte[] RevocationList()
    {
        lock (Revocations)
        {
            return Revocations.Build(Intermediate, 1, NotAfter.AddDays(-1), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, NotBefore.AddDays(2));
        }
    }

    /// <summary>The certificate alone.</summary>
    public static X509Certificate2 Public(X509Certificate2 certificate) => X509CertificateLoader.LoadCertificate(certificate.RawDataMemory.Span);

    /// <summary>A PKCS #12 file with the certificates, with the keys of those that have one.</summary>
    public static byte[] MakeP12(string password, params IEnumerable<X509Certificate2> certificates)
        => new X509Certificate2Collection(certificates.ToArray()).ExportPkcs12(FastEncryption, password);

    /// <summary>Writes <see cref="MakeP12"/> to a file.</summary>
    public static void WriteP12(string path, string password, params IEnumerable<X509Certificate2> certificates)
        => File.WriteAllBytes(path, MakeP12(password, certificates));

    /// <summary>The certificate, then its key in PKCS #8 (encrypted where there is a password), then the chain, in PEM.</summary>
    public static string MakePem(X509Certificate2 certificate, string? password = null, params IEnumerable<X509Certificate2> chain)
        => MakeCertificatePem([certificate]) + MakeKeyPem(certificate, password) + MakeCertificatePem(chain);

    /// <summary>The certificates in PEM, one after the other.</summary>
    public static string MakeCertificatePem(params IEnumerable<X509Certificate2> certificates)
        => string.Concat(certificates.Select(certificate => certificate.ExportCertificatePem() + "\n"));

    /// <summary>The key of the certificate in PKCS #8, encrypted where there is a password.</summary>
    public static string MakeKeyPem(X509Certificate2 certificate, string? password = null)
    {
        var key = PrivateKey(certificate);
        return (password is null ? key.ExportPkcs8PrivateKeyPem() : key.ExportEncryptedPkcs8PrivateKeyPem(password, FastEncryption)) + "\n";
    }

    /// <summary>Writes <see cref="MakePem"/> to a file.</summary>
    public static void WritePem(string path, X509Certificate2 certificate, string? password = null, params IEnumerable<X509Certificate2> chain)
        => File.WriteAllText(path, MakePem(certificate, password, chain));

    /// <summary>The subject alternative name that holds several addresses in ASCII.</summary>
    public static X509Extension MakeAlternativeNames(IEnumerable<string> addresses)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var address in addresses)
        {
            names.AddEmailAddress(address);
        }

        return names.Build();
    }

    /// <summary>The subject alternative name that holds an address: rfc822Name, or SmtpUTF8Mailbox (RFC 8398) when it is not ASCII.</summary>
    public static X509Extension MakeAlternativeName(string address)
    {
        if (address.All(char.IsAscii))
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddEmailAddress(address);
            return names.Build();
        }

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        {
            writer.WriteObjectIdentifier("1.3.6.1.5.5.7.8.9");
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            {
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, address);
            }
        }

        return new X509Extension("2.5.29.17", writer.Encode(), critical: false);
    }

    private static AsymmetricAlgorithm PrivateKey(X509Certificate2 certificate)
        => certificate.GetRSAPrivateKey() ?? (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey() ?? certificate.GetECDiffieHellmanPrivateKey()
            ?? throw new ArgumentException("The certificate has no private key of a known kind.", nameof(certificate));

    private static X500DistinguishedName MakeName(string commonName, bool withEmail)
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName);
        if (withEmail)
        {
            name.AddEmailAddress(commonName);
        }

        return name.Build();
    }

    private static CertificateRequest MakeRequest(X500DistinguishedName subject, KeyKind kind, string keyOwner)
        => TestKeys.Get(kind, keyOwner) switch
        {
            RSA rsa => new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            var elliptic => new CertificateRequest(subject, (ECDsa)elliptic, HashAlgorithmName.SHA256),
        };

    private static void AddUsage(CertificateRequest request, TestUsage usage, bool isElliptic)
    {
        if (usage is TestUsage.Unstated)
        {
            return;
        }

        var encryption = isElliptic ? X509KeyUsageFlags.KeyAgreement : X509KeyUsageFlags.KeyEncipherment;
        var flags = usage switch
        {
            TestUsage.SigningOnly => X509KeyUsageFlags.DigitalSignature,
            TestUsage.EncryptionOnly => encryption,
            _ => X509KeyUsageFlags.DigitalSignature | encryption,
        };
        request.CertificateExtensions.Add(new X509KeyUsageExtension(flags, critical: true));
        var purpose = new Oid(usage is TestUsage.TlsServer ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.4");
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([purpose], critical: false));
    }

    private static X509Certificate2 Sign(CertificateRequest request, KeyKind kind, string keyOwner, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Intermediate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var generator = X509SignatureGenerator.CreateForRSA((RSA)PrivateKey(Intermediate), RSASignaturePadding.Pkcs1);
        var certificate = request.Create(Intermediate.SubjectName, generator, notBefore, notAfter, NewSerial());
        return TestKeys.Get(kind, keyOwner) switch
        {
            RSA rsa => certificate.CopyWithPrivateKey(rsa),
            var elliptic => JoinElliptic(certificate, (ECDsa)elliptic),
        };
    }

    private static X509Certificate2 JoinElliptic(X509Certificate2 certificate, ECDsa key)
    {
        if (certificate.GetECDsaPublicKey() is not null)
        {
            return certificate.CopyWithPrivateKey(key);
        }

        // The framework takes the key of a certificate for encryption alone only in this form.
        using var agreement = ECDiffieHellman.Create(key.ExportParameters(includePrivateParameters: true));
        return certificate.CopyWithPrivateKey(agreement);
    }

    private static X509Certificate2 MakeAuthority(string name, X509Certificate2? issuer, int pathLength)
    {
        var request = MakeRequest(MakeName(name, withEmail: false), KeyKind.Rsa2048, name);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, pathLength, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var began = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var ends = new DateTimeOffset(2049, issuer is null ? 12 : 6, 1, 0, 0, 0, TimeSpan.Zero);
        if (issuer is null)
        {
            return request.CreateSelfSigned(began, ends);
        }

        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, true, false));
        return request.Create(issuer, began, ends, NewSerial()).CopyWithPrivateKey((RSA)TestKeys.Get(KeyKind.Rsa2048, name));
    }

    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return serial;
    }
}
