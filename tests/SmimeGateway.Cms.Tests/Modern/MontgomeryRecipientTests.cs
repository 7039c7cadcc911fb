using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Modern;

namespace SmimeGateway.Cms.Tests.Modern;

public sealed class MontgomeryRecipientTests
{
    public static TheoryData<ModernKind, ContentCipher, RecipientNaming> Combinations
    {
        get
        {
            var all = new TheoryData<ModernKind, ContentCipher, RecipientNaming>();
            foreach (var kind in new[] { ModernKind.X25519, ModernKind.X448 })
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
    [MemberData(nameof(Combinations))]
    public async Task What_is_encrypted_is_decrypted_by_Node_and_by_ourselves(ModernKind kind, ContentCipher cipher, RecipientNaming naming)
    {
        var alice = Identities.Get(kind);

        var cms = Identities.Encrypt(cipher, naming, alice.Certificate);

        alice.Decrypt(cms).ShouldBe(Some.Content);
        (await Foreign.NodeDecryptsAsync(alice, cms)).ShouldBe(Some.Content);
    }

    [Theory]
    [InlineData(ModernKind.X25519, "hkdf-sha256")]
    [InlineData(ModernKind.X25519, "hkdf-sha384")]
    [InlineData(ModernKind.X25519, "hkdf-sha512")]
    [InlineData(ModernKind.X25519, "x963-sha256")]
    [InlineData(ModernKind.X448, "x963-sha384")]
    [InlineData(ModernKind.X448, "x963-sha512")]
    [InlineData(ModernKind.X448, "hkdf-sha512")]
    public async Task What_Node_encrypts_is_decrypted_with_each_derivation(ModernKind kind, string derivation)
    {
        var alice = Identities.Get(kind);

        alice.Decrypt(await Foreign.NodeEncryptsAsync(alice, derivation, withMaterial: false, Some.Content)).ShouldBe(Some.Content);
        alice.Decrypt(await Foreign.NodeEncryptsAsync(alice, derivation, withMaterial: true, Some.Content)).ShouldBe(Some.Content);
    }

    [Fact]
    public void Recipients_of_all_kinds_share_one_object()
    {
        var (one, two) = (Identities.Get(ModernKind.X25519), Identities.Get(ModernKind.X448));
        var elliptic = TestPki.Issue("bob@example.com", KeyKind.EcP256);

        var cms = Identities.Encrypt(
            ContentCipher.Aes256Cbc, RecipientNaming.IssuerAndSerial, one.Certificate, two.Certificate, elliptic, Some.Certificate);

        one.Decrypt(cms).ShouldBe(Some.Content);
        two.Decrypt(cms).ShouldBe(Some.Content);
        var read = SomeEnvelope.Read(cms);
        read.TryDecrypt([elliptic], allowWeakCiphers: false, out var content, out _).ShouldBeTrue();
        content.ShouldBe(Some.Content);
        read.TryDecrypt([Some.Certificate], allowWeakCiphers: false, out content, out _).ShouldBeTrue();
        content.ShouldBe(Some.Content);
        read.Recipients.Select(recipient => recipient.AlgorithmName).Order(StringComparer.Ordinal).ShouldBe(
        [
            "ECDH SHA-256, AES-256 key wrap", "RSA", "X25519 HKDF SHA-256, AES-256 key wrap", "X448 HKDF SHA-512, AES-256 key wrap",
        ]);
    }

    [Fact]
    public void Another_key_decrypts_nothing()
    {
        var alice = Identities.Get(ModernKind.X25519);
        var cms = Identities.Encrypt(ContentCipher.Aes256Gcm, RecipientNaming.IssuerAndSerial, alice.Certificate);
        var read = SomeEnvelope.Read(cms);
        var other = new CmsIdentity(alice.Certificate, ModernIdentity.Issue("bob@example.com", ModernKind.X25519).Pkcs8);
        var otherKind = new CmsIdentity(alice.Certificate, Identities.Get(ModernKind.X448).Pkcs8);

        foreach (var identity in new[] { other, otherKind })
        {
            read.TryDecrypt([identity], allowWeakCiphers: false, out var content, out var opener, out var fault).ShouldBeFalse();
            (content, opener, fault!.Kind).ShouldBe((null, null, CmsFaultKind.DecryptionFailed));
        }

        read.TryDecrypt([alice.Certificate], allowWeakCiphers: false, out _, out var without).ShouldBeFalse();
        without!.Kind.ShouldBe(CmsFaultKind.NoMatchingKey);
    }

    // Points of small order (RFC 7748 section 6): whoever agrees with one agrees on zero, which everybody knows.
    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("01")]
    [InlineData("")]
    public void Nothing_is_encrypted_to_a_key_that_makes_no_secret(string key)
    {
        var octets = Convert.FromHexString(key);
        byte[] info = [0x30, (byte)(10 + octets.Length), 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 3, (byte)(1 + octets.Length), 0, .. octets];

        var fault = Recipients.Refuse(ModernIdentity.IssueFor("mallory@example.com", info, X509KeyUsageFlags.KeyAgreement));

        fault.Kind.ShouldBe(CmsFaultKind.RecipientKeyUnusable);
    }

    [Fact]
    public void An_ephemeral_key_of_small_order_or_of_another_length_opens_nothing_and_says_nothing()
    {
        var alice = Identities.Get(ModernKind.X25519);
        var cms = Identities.Encrypt(ContentCipher.Aes256Cbc, RecipientNaming.IssuerAndSerial, alice.Certificate);
        var point = EphemeralIn(cms);
        var zero = cms.ToArray();
        zero.AsSpan(point, 32).Clear();
        var shorter = cms.ToArray();
        shorter[point - 2]--;

        foreach (var odd in new[] { zero, shorter })
        {
            if (EnvelopedData.TryRead(odd, out var read, out _))
            {
                read.TryDecrypt([alice.ForCms()], allowWeakCiphers: false, out _, out _, out var fault).ShouldBeFalse();
                fault!.Kind.ShouldBe(CmsFaultKind.DecryptionFailed);
            }
        }
    }

    [Theory]
    [InlineData(ModernKind.Ed25519)]
    [InlineData(ModernKind.Ed448)]
    public void Nothing_is_encrypted_to_a_key_for_signatures(ModernKind kind) =>
        Recipients.Refuse(Identities.Get(kind).Certificate).Kind.ShouldBe(CmsFaultKind.RecipientKeyUnusable);

    [Theory]
    [InlineData("carlos.encrypt")]
    [InlineData("dana.encrypt")]
    public async Task The_people_of_RFC_9216_decrypt(string name)
    {
        if (Identities.Published(name) is not { } identity)
        {
            Console.WriteLine("Skipped: ../shared/corpora/rfc9216 is not there.");
            return;
        }

        foreach (var cipher in new[] { ContentCipher.Aes256Cbc, ContentCipher.Aes256Gcm })
        {
            var cms = Identities.Encrypt(cipher, RecipientNaming.IssuerAndSerial, identity.Certificate);

            identity.Decrypt(cms).ShouldBe(Some.Content);
            (await Foreign.NodeDecryptsAsync(identity, cms)).ShouldBe(Some.Content);
        }

        identity.Decrypt(await Foreign.NodeEncryptsAsync(identity, "hkdf-sha256", withMaterial: false, Some.Content)).ShouldBe(Some.Content);
    }

    private static int EphemeralIn(byte[] cms)
    {
        var context1 = new Asn1Tag(TagClass.ContextSpecific, 1);
        var content = new AsnReader(cms, AsnEncodingRules.DER).ReadSequence();
        content.ReadObjectIdentifier();
        var enveloped = content.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence();
        enveloped.ReadInteger();
        var info = enveloped.ReadSetOf().ReadSequence(context1);
        info.ReadInteger();
        var key = info.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence(context1);
        key.ReadSequence();
        return cms.AsSpan().IndexOf(key.ReadBitString(out _));
    }
}
