using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Finding.Formats;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Modern;

namespace SmimeGateway.Certificates.Tests.Finding;

public sealed class ModernKeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<ModernKind> Kinds => [.. Enum.GetValues<ModernKind>()];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_key_in_PEM_stays_beside_its_certificate(ModernKind kind)
    {
        var alice = ModernIdentity.Issue("alice@example.com", kind);

        var own = ReadPem(alice.CertificatePem + alice.KeyPem).Held.ShouldHaveSingleItem();

        own.KeyFault.ShouldBeNull();
        own.DetachedKey.ToArray().ShouldBe(alice.Pkcs8);
        own.Certificate.RawData.ShouldBe(alice.Certificate.RawData);
        own.Traits.KeyAlgorithm.ShouldBe(ModernIdentity.NameOf(kind));
        own.JoinedKeyFault.ShouldBe($"its key is of a kind that is for signing and opening mail alone here: {ModernIdentity.NameOf(kind)}");
    }

    [Theory]
    [InlineData(ModernKind.Ed25519)]
    [InlineData(ModernKind.Ed448)]
    [InlineData(ModernKind.X25519)]
    [InlineData(ModernKind.X448)]
    public async Task OpenSSL_writes_what_is_read(ModernKind kind)
    {
        var key = (await Tool.MustAsync("openssl", ["genpkey", "-algorithm", kind.ToString()])).Output;
        var info = (await Tool.MustAsync("openssl", ["pkey", "-pubout", "-outform", "DER"], System.Text.Encoding.ASCII.GetBytes(key))).OutputBytes;
        var certificate = ModernIdentity.IssueFor("alice@example.com", info, X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyAgreement);
        var keyFile = Write("key.pem", key);
        var certificateFile = Write("certificate.pem", certificate.ExportCertificatePem());
        await Tool.MustAsync("openssl", ["pkcs12", "-export", "-inkey", keyFile, "-in", certificateFile, "-passout", "pass:secret", "-out", _folder["own.p12"]]);
        var encrypted = (await Tool.MustAsync("openssl", ["pkcs8", "-topk8", "-in", keyFile, "-passout", "pass:secret"])).Output;

        FileReading<OwnCertificate>[] readings =
        [
            ReadPem(certificate.ExportCertificatePem() + "\n" + key),
            ReadPem(certificate.ExportCertificatePem() + "\n" + encrypted, "secret"),
            Pkcs12Reader.Read("test", "own.p12", File.ReadAllBytes(_folder["own.p12"]), "secret", FileNaming.Source),
        ];

        foreach (var reading in readings)
        {
            reading.Problems.ShouldBeEmpty();
            reading.Held.ShouldHaveSingleItem().KeyFault.ShouldBeNull();
            reading.Held[0].DetachedKey.Length.ShouldBeGreaterThan(32);
        }

        ReadPem(certificate.ExportCertificatePem() + "\n" + encrypted, "wrong").Problems[0].Reason
            .ShouldBe("the private key cannot be opened with the given password, or its encryption is not supported");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_key_that_has_its_public_half_beside_it_is_read_encrypted_or_not(ModernKind kind)
    {
        var alice = ModernIdentity.Issue("alice@example.com", kind);
        var both = PrivateKeyInfoFactory.CreatePrivateKeyInfo(PrivateKeyFactory.CreateKey(alice.Pkcs8)).GetDerEncoded();
        var encrypted = EncryptedPrivateKeyInfoFactory.CreateEncryptedPrivateKeyInfo(
            NistObjectIdentifiers.IdAes256Cbc, PkcsObjectIdentifiers.IdHmacWithSha256, "secret".ToCharArray(), RandomNumberGenerator.GetBytes(16), 2000,
            new SecureRandom(), PrivateKeyFactory.CreateKey(alice.Pkcs8)).GetDerEncoded();

        var plain = ReadPem(alice.CertificatePem + PemEncoding.WriteString("PRIVATE KEY", both));
        var opened = ReadPem(alice.CertificatePem + PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", encrypted), "secret");

        plain.Held.ShouldHaveSingleItem().KeyFault.ShouldBeNull();
        opened.Held.ShouldHaveSingleItem().KeyFault.ShouldBeNull();
        opened.Problems.ShouldBeEmpty();
    }

    [Fact]
    public void A_key_that_contradicts_the_public_half_beside_it_is_refused()
    {
        var both = PrivateKeyInfoFactory.CreatePrivateKeyInfo(PrivateKeyFactory.CreateKey(ModernIdentity.Issue("alice@example.com", ModernKind.Ed25519).Pkcs8)).GetDerEncoded();
        both[^1] ^= 1;

        PrivateKeyReading.OfPkcs8(both).Fault.ShouldBe("the private key contradicts the public key that stands beside it");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_key_of_another_certificate_is_not_taken(ModernKind kind)
    {
        var alice = ModernIdentity.Issue("alice@example.com", kind);
        var bob = ModernIdentity.Issue("bob@example.com", kind);
        var opened = OpenedKey.ReadAndJoin(alice.Certificate, () => PrivateKeyReading.OfPkcs8(bob.Pkcs8));

        (opened.Certificate, opened.Fault, opened.IsUnread).ShouldBe((null, "the private key does not belong to the certificate", true));
        ReadPem(alice.CertificatePem + bob.KeyPem).Held.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("1.2.840.113549.1.1.10")]
    [InlineData("1.2.840.113549.1.1.7")]
    public void An_RSA_key_for_one_thing_alone_stays_beside_its_certificate(string oid)
    {
        var alice = ModernIdentity.IssueRsa("alice@example.com", oid);
        var bob = ModernIdentity.IssueRsa("bob@example.com", oid);

        var own = ReadPem(alice.CertificatePem + alice.KeyPem).Held.ShouldHaveSingleItem();

        own.KeyFault.ShouldBeNull();
        own.DetachedKey.ToArray().ShouldBe(alice.Pkcs8);
        own.JoinedKeyFault.ShouldNotBeNull();
        OpenedKey.ReadAndJoin(alice.Certificate, () => PrivateKeyReading.OfPkcs8(bob.Pkcs8)).Fault.ShouldBe("the private key does not belong to the certificate");
    }

    [Fact]
    public void A_key_of_another_kind_with_the_same_octets_is_not_taken()
    {
        var alice = ModernIdentity.Issue("alice@example.com", ModernKind.X25519);
        var publicKey = PrivateKeyReading.OfPkcs8(alice.Pkcs8).Key!.PublicKey;
        byte[] info = [0x30, 42, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 33, 0, .. publicKey];
        var twisted = ModernIdentity.IssueFor("alice@example.com", info, X509KeyUsageFlags.DigitalSignature);

        OpenedKey.ReadAndJoin(twisted, () => PrivateKeyReading.OfPkcs8(alice.Pkcs8)).Fault.ShouldBe("the private key does not belong to the certificate");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_damaged_key_is_read_and_none_throws(ModernKind kind)
    {
        var key = ModernIdentity.Issue("alice@example.com", kind).Pkcs8;

        for (var length = 0; length < key.Length; length++)
        {
            PrivateKeyReading.OfPkcs8(key.AsMemory(0, length)).Key.ShouldBeNull();
        }

        for (var at = 0; at < key.Length; at++)
        {
            var damaged = key.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            Should.NotThrow(() => PrivateKeyReading.OfPkcs8(damaged));
        }
    }

    private static FileReading<OwnCertificate> ReadPem(string pem, string? password = null) =>
        PemReader.Read("test", "own.pem", System.Text.Encoding.ASCII.GetBytes(pem), password, FileNaming.Source);

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder[name], text);
        return _folder[name];
    }
}
