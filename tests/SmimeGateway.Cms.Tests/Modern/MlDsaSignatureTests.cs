using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.X509;
using SmimeGateway.Cms.Algorithms;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Modern;

namespace SmimeGateway.Cms.Tests.Modern;

public sealed class MlDsaSignatureTests
{
    public static TheoryData<ModernKind> Kinds => [ModernKind.MlDsa44, ModernKind.MlDsa65, ModernKind.MlDsa87];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_signed_is_verified(ModernKind kind)
    {
        using var signer = new Signer(Identities.Get(kind).ForCms(), new SignerOptions { Chain = TestPki.Chain });

        var cms = signer.SignDetached(Some.ContentSequence, Some.Time);

        signer.MicAlg.ShouldBe("sha-512");
        signer.VerifyOwn(cms, Some.ContentSequence).ShouldBeNull();
        Some.Read(cms).Verify(Some.ContentSequence).ShouldBeNull();
        var read = Some.Read(cms).Signers.ShouldHaveSingleItem();
        (read.DigestName, read.SignatureAlgorithmName).ShouldBe(("SHA-512", ModernIdentity.NameOf(kind)));
        signer.SignDetached(Some.ContentSequence, Some.Time).ShouldNotBe(cms, "fresh random octets hedge each signature");
    }

    // The examples of RFC 9882 appendix B, by the keys of RFC 9881 appendix C, which are made from the seed 00 01 .. 1f.
    [Theory]
    [InlineData("rfc9882-ml-dsa-44.pem", ModernKind.MlDsa44)]
    [InlineData("rfc9882-ml-dsa-65.pem", ModernKind.MlDsa65)]
    [InlineData("rfc9882-ml-dsa-87.pem", ModernKind.MlDsa87)]
    public void The_published_examples_verify(string file, ModernKind kind)
    {
        var signed = Some.Read(Published.Read(file));
        var certificate = PublishedSigner(kind);
        using var key = VerificationKey.Find(certificate, out _)!;
        var signer = signed.Signers.ShouldHaveSingleItem();

        signer.Verify(signed.Content!.Value, key, certificate.RawData).ShouldBeNull();

        System.Text.Encoding.ASCII.GetString(signed.Content.Value.FirstSpan).ShouldBe($"{ModernIdentity.NameOf(kind)} signed-data example with signed attributes");
        signer.SignatureAlgorithmName.ShouldBe(ModernIdentity.NameOf(kind));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_changed_octet_of_the_signature_passes(ModernKind kind)
    {
        var cms = Identities.Get(kind).SignDetached(Some.Content);

        for (var at = 1; at <= 2420; at += 53)
        {
            var changed = cms.ToArray();
            changed[^at] ^= 1;
            Some.Read(changed).Verify(Some.ContentSequence)!.Kind.ShouldBe(CmsFaultKind.SignatureMismatch);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_key_for_which_everybody_can_sign_is_none(ModernKind kind)
    {
        var own = Identities.Get(kind).Certificate;
        var info = own.PublicKey.ExportSubjectPublicKeyInfo();
        Array.Clear(info, info.Length - own.GetPublicKey().Length + 32, own.GetPublicKey().Length - 32);
        var known = ModernIdentity.IssueFor("alice@example.com", info, X509KeyUsageFlags.DigitalSignature);

        VerificationKey.Find(known, out var fault).ShouldBeNull();

        fault!.Kind.ShouldBe(CmsFaultKind.SignerCertificateUnreadable);
    }

    [Theory]
    [InlineData(ModernKind.MlDsa65)]
    [InlineData(ModernKind.Ed25519)]
    [InlineData(ModernKind.Ed448)]
    public void An_algorithm_with_parameters_is_another_one(ModernKind kind)
    {
        var oid = Identities.Get(kind).Certificate.GetKeyAlgorithm();
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            writer.WriteNull();
        }

        SignatureAlgorithm.Read(SignatureAlgorithm.EncodeBare(oid)).Kind.ShouldNotBe(SignatureKind.Unknown);
        SignatureAlgorithm.Read(writer.Encode()).Kind.ShouldBe(SignatureKind.Unknown);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_signature_of_another_length_is_none(ModernKind kind)
    {
        var alice = Identities.Get(kind);
        using var key = VerificationKey.Find(alice.Certificate, out _)!;
        using var signing = SigningKey.From(alice.ForCms(), DigestAlgorithm.Sha256, SignaturePadding.Pkcs1);
        var signature = new byte[signing.MaxSignatureLength];
        signing.Sign(Some.Content, signature).ShouldBe(signature.Length);
        var algorithm = SignatureAlgorithm.Read(signing.AlgorithmIdentifier);

        key.Verify(algorithm, signing.Digest, Some.Content, signature).ShouldBeNull();
        key.Verify(algorithm, signing.Digest, Sequences.Cut(Some.Content, 5), signature).ShouldBeNull();
        key.Verify(algorithm, signing.Digest, Some.Content, [.. signature, 0])!.Kind.ShouldBe(CmsFaultKind.SignatureMismatch);
        key.Verify(algorithm, signing.Digest, Some.Content, signature.AsSpan(1))!.Kind.ShouldBe(CmsFaultKind.SignatureMismatch);
        key.Verify(algorithm, signing.Digest, Some.Content, [])!.Kind.ShouldBe(CmsFaultKind.SignatureMismatch);
    }

    // RFC 9882 table 1.
    [Theory]
    [InlineData("2.16.840.1.101.3.4.3.17", "SHA-256 SHA-384 SHA-512 SHA3-256 SHA3-384 SHA3-512 SHAKE256")]
    [InlineData("2.16.840.1.101.3.4.3.18", "SHA-384 SHA-512 SHA3-384 SHA3-512 SHAKE256")]
    [InlineData("2.16.840.1.101.3.4.3.19", "SHA-512 SHA3-512 SHAKE256")]
    public void Digests_that_are_weaker_than_the_key_are_refused_in_attributes(string algorithm, string allowed)
    {
        string[] oids = [Oids.Md5, Oids.Sha1, Oids.Sha256, Oids.Sha384, Oids.Sha512, Oids.Sha3With256, Oids.Sha3With384, Oids.Sha3With512, Oids.Shake256];
        var read = SignatureAlgorithm.Read(SignatureAlgorithm.EncodeBare(algorithm));
        var digests = oids.Select(oid => DigestAlgorithm.FindByOid(oid)!).ToList();

        string.Join(' ', digests.Where(digest => read.Check(digest, isDigestSigned: true) is null).Select(digest => digest.Name)).ShouldBe(allowed);
        digests.ShouldAllBe(digest => read.Check(digest, false) == null);
    }

    [Fact]
    public void A_key_makes_signatures_of_its_own_parameter_set_alone()
    {
        using var key = VerificationKey.Find(Identities.Get(ModernKind.MlDsa44).Certificate, out _)!;

        foreach (var oid in new[] { Oids.MlDsa65, Oids.MlDsa87, Oids.Ed25519, Oids.Sha512WithRsa })
        {
            key.Verify(SignatureAlgorithm.Read(SignatureAlgorithm.EncodeBare(oid)), DigestAlgorithm.Sha512, Some.Content, new byte[2420])!.Kind
                .ShouldBe(CmsFaultKind.AlgorithmMismatch);
        }
    }

    [Fact]
    public void The_key_of_another_certificate_signs_nothing()
    {
        var alice = Identities.Get(ModernKind.MlDsa44);
        byte[][] others =
        [
            ModernIdentity.Issue("bob@example.com", ModernKind.MlDsa44).Pkcs8, Identities.Get(ModernKind.MlDsa65).Pkcs8,
            Identities.Get(ModernKind.Ed25519).Pkcs8, Identities.Get(ModernKind.MlKem512).Pkcs8, [1, 2, 3],
        ];

        foreach (var other in others)
        {
            Signer.TryCreate(new CmsIdentity(alice.Certificate, other), new SignerOptions(), out _, out var fault).ShouldBeFalse();
            fault!.Kind.ShouldBe(CmsFaultKind.SignerKeyBroken);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Nothing_is_encrypted_to_it(ModernKind kind) =>
        Recipients.Refuse(Identities.Get(kind).Certificate).Kind.ShouldBe(CmsFaultKind.RecipientKeyUnusable);

    private static X509Certificate2 PublishedSigner(ModernKind kind)
    {
        var parameters = kind switch
        {
            ModernKind.MlDsa44 => MLDsaParameters.ml_dsa_44,
            ModernKind.MlDsa65 => MLDsaParameters.ml_dsa_65,
            _ => MLDsaParameters.ml_dsa_87,
        };
        var key = MLDsaPrivateKeyParameters.FromSeed(parameters, [.. Enumerable.Range(0, 32).Select(number => (byte)number)]);
        var info = SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(key.GetPublicKey()).GetDerEncoded();
        return ModernIdentity.IssueFor("lamps@example.com", info, X509KeyUsageFlags.DigitalSignature);
    }
}
