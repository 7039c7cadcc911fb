using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.X509;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Modern;

namespace SmimeGateway.Cms.Tests.Modern;

public sealed class MlKemRecipientTests
{
    public static TheoryData<ModernKind, ContentCipher, RecipientNaming> Combinations
    {
        get
        {
            var all = new TheoryData<ModernKind, ContentCipher, RecipientNaming>();
            foreach (var kind in new[] { ModernKind.MlKem512, ModernKind.MlKem768, ModernKind.MlKem1024 })
            {
                foreach (var cipher in Enum.GetValues<ContentCipher>())
                {
                    foreach (var naming in Enum.GetValues<RecipientNaming>())
                    {
                        all.Add(kind, cipher, naming);
                    }
                }
            }

            return all;
        }
    }

    [Theory]
    [InlineData(ModernKind.MlKem512)]
    [InlineData(ModernKind.MlKem768)]
    [InlineData(ModernKind.MlKem1024)]
    public void Nothing_is_encrypted_to_a_key_that_keeps_no_secret(ModernKind kind)
    {
        var own = Identities.Get(kind).Certificate;
        var info = own.PublicKey.ExportSubjectPublicKeyInfo();
        Array.Clear(info, info.Length - own.GetPublicKey().Length, own.GetPublicKey().Length - 32);

        Recipients.Refuse(ModernIdentity.IssueFor("alice@example.com", info, X509KeyUsageFlags.KeyEncipherment)).Kind.ShouldBe(CmsFaultKind.RecipientKeyUnusable);
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void What_is_encrypted_is_decrypted(ModernKind kind, ContentCipher cipher, RecipientNaming naming)
    {
        var alice = Identities.Get(kind);

        var cms = Identities.Encrypt(cipher, naming, alice.Certificate);

        alice.Decrypt(cms).ShouldBe(Some.Content);
        var recipient = SomeEnvelope.Read(cms).Recipients.ShouldHaveSingleItem();
        recipient.AlgorithmName.ShouldBe($"{ModernIdentity.NameOf(kind)} HKDF SHA-256, AES-{(kind == ModernKind.MlKem512 ? 128 : 256)} key wrap");
        recipient.Identifier!.Names(alice.Certificate).ShouldBeTrue();
        VersionOf(cms).ShouldBe(cipher >= ContentCipher.Aes128Gcm ? 0 : 3, "RFC 5652 section 6.1, RFC 5083 section 2.1");
    }

    // RFC 9936 appendix C, whose key is the seed 00 01 .. 3f.
    [Theory]
    [InlineData(MLKemPrivateKeyParameters.Format.SeedOnly)]
    [InlineData(MLKemPrivateKeyParameters.Format.EncodingOnly)]
    [InlineData(MLKemPrivateKeyParameters.Format.SeedAndEncoding)]
    public void The_published_example_decrypts_with_each_form_of_the_key(MLKemPrivateKeyParameters.Format form)
    {
        var key = MLKemPrivateKeyParameters.FromSeed(MLKemParameters.ml_kem_512, [.. Enumerable.Range(0, 64).Select(number => (byte)number)]);
        var info = SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(key.GetPublicKey()).GetDerEncoded();
        var bob = ModernIdentity.IssueFor(
            "bob@example.com", info, X509KeyUsageFlags.KeyEncipherment, keyIdentifier: Convert.FromHexString("599788C37AED400EE405D1B2A3366AB17D824A51"));
        var pkcs8 = PrivateKeyInfoFactory.CreatePrivateKeyInfo(key.WithPreferredFormat(form)).GetDerEncoded();

        new ModernIdentity(bob, pkcs8).Decrypt(Published.Read("rfc9936-ml-kem-512.pem")).ShouldBe("Hello, world!"u8.ToArray());
    }

    [Fact]
    public void Recipients_of_all_kinds_share_one_object()
    {
        var (one, two) = (Identities.Get(ModernKind.MlKem768), Identities.Get(ModernKind.X25519));
        var elliptic = TestPki.Issue("bob@example.com", KeyKind.EcP256);

        foreach (var cipher in new[] { ContentCipher.Aes256Cbc, ContentCipher.Aes256Gcm })
        {
            var cms = Identities.Encrypt(cipher, RecipientNaming.IssuerAndSerial, one.Certificate, two.Certificate, elliptic, Some.Certificate);

            one.Decrypt(cms).ShouldBe(Some.Content);
            two.Decrypt(cms).ShouldBe(Some.Content);
            SomeEnvelope.Read(cms).TryDecrypt([Some.Certificate], allowWeakCiphers: false, out var content, out _).ShouldBeTrue();
            content.ShouldBe(Some.Content);
        }
    }

    [Fact]
    public void No_changed_octet_of_the_ciphertext_opens_and_all_fail_alike()
    {
        var alice = Identities.Get(ModernKind.MlKem512);
        var cms = Identities.Encrypt(ContentCipher.Aes256Gcm, RecipientNaming.IssuerAndSerial, alice.Certificate);
        var end = cms.Length - 100;

        for (var at = end - 768; at < end; at += 37)
        {
            var changed = cms.ToArray();
            changed[at] ^= 1;
            if (EnvelopedData.TryRead(changed, out var read, out _))
            {
                read.TryDecrypt([alice.ForCms()], allowWeakCiphers: false, out var content, out _, out _).ShouldBeFalse();
                content.ShouldBeNull();
            }
        }
    }

    [Fact]
    public void Another_key_decrypts_nothing()
    {
        var alice = Identities.Get(ModernKind.MlKem768);
        var read = SomeEnvelope.Read(Identities.Encrypt(ContentCipher.Aes256Cbc, RecipientNaming.IssuerAndSerial, alice.Certificate));
        byte[][] others =
        [
            ModernIdentity.Issue("bob@example.com", ModernKind.MlKem768).Pkcs8, Identities.Get(ModernKind.MlKem512).Pkcs8,
            Identities.Get(ModernKind.X25519).Pkcs8, [1, 2, 3],
        ];

        foreach (var other in others)
        {
            read.TryDecrypt([new CmsIdentity(alice.Certificate, other)], allowWeakCiphers: false, out _, out _, out var fault).ShouldBeFalse();
            fault!.Kind.ShouldBe(CmsFaultKind.DecryptionFailed);
        }
    }

    [Fact]
    public void Nothing_is_encrypted_to_a_key_whose_numbers_are_none_or_of_another_length()
    {
        foreach (var key in new[] { [.. Enumerable.Repeat((byte)0xff, 800)], new byte[799], new byte[801], [] })
        {
            var writer = new AsnWriter(AsnEncodingRules.DER);
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(Algorithms.SignatureAlgorithm.EncodeBare(Oids.MlKem512));
                writer.WriteBitString(key);
            }

            var certificate = ModernIdentity.IssueFor("mallory@example.com", writer.Encode(), X509KeyUsageFlags.KeyEncipherment);

            Recipients.Refuse(certificate).Kind.ShouldBe(CmsFaultKind.RecipientKeyUnusable);
        }
    }

    [Theory]
    [InlineData(Oids.MlKem768, Oids.HkdfWithSha256, 16, Oids.Aes128Wrap, null)]
    [InlineData("1.2.3", Oids.HkdfWithSha256, 16, Oids.Aes128Wrap, "The key encapsulation 1.2.3 is not supported.")]
    [InlineData(Oids.MlKem768, "1.2.3", 16, Oids.Aes128Wrap, "The key derivation 1.2.3 is not supported.")]
    [InlineData(Oids.MlKem768, Oids.HkdfWithSha256, 24, Oids.TripleDesWrap, "The key wrap 1.2.840.113549.1.9.16.3.6 is not supported.")]
    [InlineData(Oids.MlKem768, Oids.HkdfWithSha256, 32, Oids.Aes128Wrap, "The length of the wrapping key is none of its algorithm.")]
    [InlineData(Oids.MlKem768, Oids.HkdfWithSha512, 1_000_000_000, Oids.Aes256Wrap, "The length of the wrapping key is none of its algorithm.")]
    [InlineData(Oids.MlKem768, Oids.HkdfWithSha512, -32, Oids.Aes256Wrap, "The length of the wrapping key is none of its algorithm.")]
    public void What_nobody_here_knows_is_named(string kem, string derivation, int length, string wrap, string? reason)
    {
        var alice = Identities.Get(ModernKind.MlKem768);
        var info = Ber.Wrap(
            0xA4,
            Ber.Oid(Oids.KemRecipient),
            Ber.Wrap(
                0x30,
                [2, 1, 0],
                OddEnvelope.IssuerAndSerial(alice.Certificate),
                Ber.Wrap(0x30, Ber.Oid(kem)),
                Ber.Wrap(0x04, new byte[1088]),
                Ber.Wrap(0x30, Ber.Oid(derivation)),
                Integer(length),
                Ber.Wrap(0xA0, Ber.Wrap(0x04, [1, 2, 3])),
                Ber.Wrap(0x30, Ber.Oid(wrap)),
                Ber.Wrap(0x04, new byte[24])));

        new OddEnvelope { Recipients = [info] }.Read()
            .TryDecrypt([alice.ForCms()], allowWeakCiphers: false, out _, out _, out var fault).ShouldBeFalse();

        fault!.Reason.ShouldBe(reason ?? "The content cannot be decrypted with the key it is encrypted to.");
    }

    [Fact]
    public void Another_recipient_of_the_later_kinds_is_listed_and_passed_over()
    {
        var other = Ber.Wrap(0xA4, Ber.Oid("1.2.3"), Ber.Wrap(0x30, [2, 1, 0]));

        new OddEnvelope { Recipients = [other] }.Read().Recipients.ShouldHaveSingleItem().ShouldBe(new RecipientInfo(null, "a recipient of another kind"));
    }

    private static byte[] Integer(int value)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteInteger(value);
        return writer.Encode();
    }

    private static int VersionOf(byte[] cms)
    {
        var content = new AsnReader(cms, AsnEncodingRules.DER).ReadSequence();
        content.ReadObjectIdentifier();
        return (int)content.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence().ReadInteger();
    }
}
