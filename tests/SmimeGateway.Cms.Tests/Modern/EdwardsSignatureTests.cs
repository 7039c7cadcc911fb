using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Modern;

namespace SmimeGateway.Cms.Tests.Modern;

public sealed class EdwardsSignatureTests
{
    [Theory]
    [InlineData(ModernKind.Ed25519, "SHA-512", "sha-512", "Ed25519")]
    [InlineData(ModernKind.Ed448, "SHAKE256", "shake256", "Ed448")]
    public async Task What_is_signed_is_verified_by_Bouncy_Castle_and_by_ourselves(ModernKind kind, string digest, string micAlg, string algorithm)
    {
        var alice = Identities.Get(kind);
        using var signer = new Signer(alice.ForCms(), new SignerOptions { Chain = TestPki.Chain });

        var cms = signer.SignDetached(Some.ContentSequence, Some.Time);

        signer.MicAlg.ShouldBe(micAlg);
        signer.IsDigestWeak.ShouldBeFalse();
        signer.VerifyOwn(cms, Some.ContentSequence).ShouldBeNull();
        Some.Read(cms).Verify(Some.ContentSequence).ShouldBeNull();
        var read = Some.Read(cms).Signers.ShouldHaveSingleItem();
        (read.DigestName, read.SignatureAlgorithmName, read.SigningTime).ShouldBe((digest, algorithm, Some.Time));
        (await Foreign.JavaVerifiesAsync(alice, cms, Some.Content)).ShouldBeTrue();
        (await Foreign.JavaVerifiesAsync(alice, cms, [.. Some.Content, 0])).ShouldBeFalse();
    }

    [Fact]
    public async Task GnuTLS_verifies_Ed25519_of_ours_and_we_verify_its()
    {
        var alice = Identities.Get(ModernKind.Ed25519);
        var cms = alice.SignDetached(Some.Content, new SignerOptions { Chain = TestPki.Chain });
        var root = TestPki.Root.ExportCertificatePem();

        var judgement = await Foreign.GnuTlsJudgesAsync(root, cms, Some.Content);
        var theirs = Some.Read(await Foreign.GnuTlsSignsAsync(alice, Some.Content));

        judgement.IsGood.ShouldBeTrue(judgement.ToString());
        (await Foreign.GnuTlsJudgesAsync(root, cms, [.. Some.Content, 0])).IsGood.ShouldBeFalse();
        theirs.Verify(Some.ContentSequence).ShouldBeNull();
        theirs.Signers[0].SignatureAlgorithmName.ShouldBe("Ed25519");
    }

    [Theory]
    [InlineData(ModernKind.Ed25519, true)]
    [InlineData(ModernKind.Ed25519, false)]
    [InlineData(ModernKind.Ed448, true)]
    [InlineData(ModernKind.Ed448, false)]
    public async Task What_Bouncy_Castle_signs_is_verified_with_attributes_and_without(ModernKind kind, bool withAttributes)
    {
        var cms = await Foreign.JavaSignsAsync(Identities.Get(kind), kind.ToString(), Some.Content, withAttributes);

        var signed = Some.Read(cms);

        signed.Verify(Some.ContentSequence).ShouldBeNull();
        signed.Verify(Sequences.Cut(Some.Content, 7)).ShouldBeNull();
        signed.Verify(new ReadOnlySequence<byte>([.. Some.Content, 0])).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(ModernKind.Ed25519)]
    [InlineData(ModernKind.Ed448)]
    public void An_opaque_signature_encloses_the_content(ModernKind kind)
    {
        using var signer = new Signer(Identities.Get(kind).ForCms(), new SignerOptions());

        var cms = signer.SignEncapsulated(Some.ContentSequence, Some.Time).ToArray();

        Some.Read(cms).Verify().ShouldBeNull();
        signer.VerifyOwnEncapsulated(cms, Some.ContentSequence).ShouldBeNull();
    }

    [Theory]
    [InlineData(ModernKind.Ed25519, 64)]
    [InlineData(ModernKind.Ed448, 114)]
    public void No_changed_octet_of_the_signature_passes(ModernKind kind, int length)
    {
        var cms = Identities.Get(kind).SignDetached(Some.Content);

        for (var at = 1; at <= length; at++)
        {
            var changed = cms.ToArray();
            changed[^at] ^= 1;
            Some.Read(changed).Verify(Some.ContentSequence)!.Kind.ShouldBe(CmsFaultKind.SignatureMismatch);
        }
    }

    [Theory]
    [InlineData(ModernKind.Ed25519)]
    [InlineData(ModernKind.Ed448)]
    public void A_signature_of_another_length_is_none(ModernKind kind)
    {
        var alice = Identities.Get(kind);
        using var key = VerificationKey.Find(alice.Certificate, out _)!;
        using var signing = SigningKey.From(alice.ForCms(), DigestAlgorithm.Sha256, SignaturePadding.Pkcs1);
        var signature = new byte[signing.MaxSignatureLength];
        signing.Sign(Some.Content, signature).ShouldBe(signature.Length);
        var algorithm = SignatureAlgorithm.Read(signing.AlgorithmIdentifier);

        key.Verify(algorithm, signing.Digest, Some.Content, signature).ShouldBeNull();
        key.Verify(algorithm, signing.Digest, Some.Content, [.. signature, 0])!.Kind.ShouldBe(CmsFaultKind.SignatureMismatch);
        key.Verify(algorithm, signing.Digest, Some.Content, signature.AsSpan(1))!.Kind.ShouldBe(CmsFaultKind.SignatureMismatch);
        key.Verify(algorithm, signing.Digest, Some.Content, [])!.Kind.ShouldBe(CmsFaultKind.SignatureMismatch);
    }

    [Theory]
    [InlineData("1.3.101.112", ModernKind.Ed448)]
    [InlineData("1.3.101.113", ModernKind.Ed25519)]
    [InlineData("1.2.840.113549.1.1.11", ModernKind.Ed25519)]
    [InlineData("1.2.840.10045.4.3.4", ModernKind.Ed25519)]
    public void A_key_makes_signatures_of_its_own_kind_alone(string algorithm, ModernKind kind)
    {
        using var key = VerificationKey.Find(Identities.Get(kind).Certificate, out _)!;

        var fault = key.Verify(SignatureAlgorithm.Read(Identifier(algorithm)), DigestAlgorithm.Sha512, Some.Content, new byte[64]);

        fault!.Kind.ShouldBe(CmsFaultKind.AlgorithmMismatch);
    }

    [Theory]
    [InlineData("1.3.101.112", "SHA-512")]
    [InlineData("1.3.101.113", "SHAKE256")]
    public void No_other_digest_goes_with_it_in_attributes(string algorithm, string digest)
    {
        DigestAlgorithm[] all = [DigestAlgorithm.Sha1, DigestAlgorithm.Sha256, DigestAlgorithm.Sha384, DigestAlgorithm.Sha512, DigestAlgorithm.Shake256, DigestAlgorithm.Shake256Len];
        var read = SignatureAlgorithm.Read(Identifier(algorithm));

        foreach (var one in all)
        {
            read.Check(one, isDigestSigned: true)?.Kind.ShouldBe(CmsFaultKind.AlgorithmMismatch);
            (read.Check(one, isDigestSigned: true) is null).ShouldBe(one.Name == digest);
            read.Check(one, isDigestSigned: false).ShouldBeNull();
        }
    }

    [Fact]
    public void RSA_does_not_go_with_a_digest_of_extendable_output() =>
        SignatureAlgorithm.Read(Identifier("1.2.840.113549.1.1.1")).Check(DigestAlgorithm.Shake256, isDigestSigned: true)!.Kind
            .ShouldBe(CmsFaultKind.AlgorithmMismatch);

    // The neutral element, a point of order 4, one of order 8, one that is not on the curve, and lengths that are none.
    [Theory]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")]
    [InlineData("0200000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("01")]
    [InlineData("")]
    public void A_key_that_would_verify_what_anybody_signs_is_refused(string key)
    {
        var octets = Convert.FromHexString(key);
        byte[] info = [0x30, (byte)(10 + octets.Length), 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, (byte)(1 + octets.Length), 0, .. octets];
        var certificate = ModernIdentity.IssueFor("mallory@example.com", info, X509KeyUsageFlags.DigitalSignature);

        VerificationKey.Find(certificate, out var fault).ShouldBeNull();

        fault!.Kind.ShouldBe(CmsFaultKind.SignerCertificateUnreadable);
    }

    [Theory]
    [InlineData(ModernKind.X25519)]
    [InlineData(ModernKind.X448)]
    public void A_key_for_agreement_neither_signs_nor_verifies(ModernKind kind)
    {
        var alice = Identities.Get(kind);

        Signer.TryCreate(alice.ForCms(), new SignerOptions(), out var signer, out var fault).ShouldBeFalse();

        signer.ShouldBeNull();
        fault!.Kind.ShouldBe(CmsFaultKind.SignerKeyUnusable);
        VerificationKey.Find(alice.Certificate, out fault).ShouldBeNull();
        fault!.Kind.ShouldBe(CmsFaultKind.UnsupportedAlgorithm);
    }

    [Fact]
    public void The_key_of_another_certificate_signs_nothing()
    {
        var mixed = new CmsIdentity(Identities.Get(ModernKind.Ed25519).Certificate, ModernIdentity.Issue("bob@example.com", ModernKind.Ed25519).Pkcs8);
        var otherKind = new CmsIdentity(Identities.Get(ModernKind.Ed25519).Certificate, Identities.Get(ModernKind.Ed448).Pkcs8);

        Signer.TryCreate(mixed, new SignerOptions(), out _, out var fault).ShouldBeFalse();
        fault!.Kind.ShouldBe(CmsFaultKind.SignerKeyBroken);
        Signer.TryCreate(otherKind, new SignerOptions(), out _, out fault).ShouldBeFalse();
        fault!.Kind.ShouldBe(CmsFaultKind.SignerKeyBroken);
    }

    [Theory]
    [InlineData("carlos.sign")]
    [InlineData("dana.sign")]
    public async Task The_people_of_RFC_9216_sign(string name)
    {
        if (Identities.Published(name) is not { } identity)
        {
            Console.WriteLine("Skipped: ../shared/corpora/rfc9216 is not there.");
            return;
        }

        var cms = identity.SignDetached(Some.Content);

        Some.Read(cms).Verify(Some.ContentSequence).ShouldBeNull();
        var authority = await File.ReadAllTextAsync(Path.Combine(Corpora.Folder("rfc9216")!, "ca.25519.crt"));
        var judgement = await Foreign.GnuTlsJudgesAsync(authority, cms, Some.Content);
        judgement.IsGood.ShouldBeTrue(judgement.ToString());
        Some.Read(await Foreign.GnuTlsSignsAsync(identity, Some.Content)).Verify(Some.ContentSequence).ShouldBeNull();
    }

    private static byte[] Identifier(string oid)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
        }

        return writer.Encode();
    }
}
