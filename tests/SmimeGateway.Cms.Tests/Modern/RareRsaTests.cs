using System.Buffers;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Modern;

namespace SmimeGateway.Cms.Tests.Modern;

/// <summary>RSA-PSS with other salts and masks, OAEP with a label or another mask, and keys that do one of the two alone (RFC 4055).</summary>
public sealed class RareRsaTests : IDisposable
{
    private static readonly X509Certificate2 Alice = TestPki.Issue("alice@example.com");

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sha256", "sha256", "0")]
    [InlineData("sha256", "sha256", "20")]
    [InlineData("sha256", "sha256", "64")]
    [InlineData("sha256", "sha256", "max")]
    [InlineData("sha256", "sha1", "32")]
    [InlineData("sha256", "sha512", "32")]
    [InlineData("sha512", "sha256", "20")]
    [InlineData("sha384", "sha384", "1")]
    [InlineData("sha1", "sha256", "20")]
    public async Task Signatures_of_OpenSSL_verify_with_each_salt_and_mask(string digest, string mask, string salt)
    {
        var cms = await OpenSslSignsAsync(TestPki.MakePem(Alice), digest, mask, salt);

        var signed = Some.Read(cms);

        signed.Verify(Some.ContentSequence).ShouldBeNull();
        signed.Verify(Sequences.Cut(Some.Content, 9)).ShouldBeNull();
        signed.Signers[0].SignatureAlgorithmName.ShouldBe("RSA-PSS");
        var changed = cms.ToArray();
        changed[^7] ^= 1;
        Some.Read(changed).Verify(Some.ContentSequence)!.Kind.ShouldBe(CmsFaultKind.SignatureMismatch);
    }

    [Theory]
    [InlineData(-1, Oids.Sha256, CmsFaultKind.UnsupportedAlgorithm)]
    [InlineData(32, "1.2.3", CmsFaultKind.UnsupportedAlgorithm)]
    [InlineData(32, Oids.Shake256, CmsFaultKind.UnsupportedAlgorithm)]
    [InlineData(32, Oids.Sha3With256, CmsFaultKind.UnsupportedAlgorithm)]
    [InlineData(int.MaxValue, Oids.Sha256, CmsFaultKind.SignatureMismatch)]
    [InlineData(223, Oids.Sha256, CmsFaultKind.SignatureMismatch)]
    [InlineData(31, Oids.Sha256, CmsFaultKind.SignatureMismatch)]
    [InlineData(32, Oids.Sha1, CmsFaultKind.SignatureMismatch)]
    public void Parameters_that_are_none_or_not_those_of_the_signature_are_a_fault(int salt, string mask, CmsFaultKind expected)
    {
        using var key = VerificationKey.Find(Alice, out _)!;
        var signature = Alice.GetRSAPrivateKey()!.SignData(Some.Content, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        var algorithm = new SignatureAlgorithm(Oids.RsaPss, SignatureKind.RsaPss, Oids.Sha256, new PssParameters(Oids.Sha256, mask, salt));

        var fault = algorithm.Check(DigestAlgorithm.Sha256, isDigestSigned: true) ?? key.Verify(algorithm, DigestAlgorithm.Sha256, Some.Content, signature);

        fault!.Kind.ShouldBe(expected);
    }

    [Fact]
    public void A_key_that_would_take_seconds_is_not_computed_with()
    {
        using var one = RSA.Create(4096);
        using var other = RSA.Create(4096);
        var product = new System.Numerics.BigInteger(one.ExportParameters(false).Modulus, isUnsigned: true, isBigEndian: true)
            * new System.Numerics.BigInteger(other.ExportParameters(false).Modulus, isUnsigned: true, isBigEndian: true);
        var certificate = Recipients.Issue(new RSAParameters { Modulus = product.ToByteArray(isUnsigned: true, isBigEndian: true), Exponent = [1, 0, 1] });
        using var key = VerificationKey.Find(certificate, out _)!;
        var algorithm = new SignatureAlgorithm(Oids.RsaPss, SignatureKind.RsaPss, Oids.Sha256, new PssParameters(Oids.Sha256, Oids.Sha256, 20));

        key.Verify(algorithm, DigestAlgorithm.Sha256, Some.Content, new byte[1024])!.Reason.ShouldBe("The signature cannot be checked with the signer's key.");
    }

    [Theory]
    [InlineData(null, "SHA-384")]
    [InlineData("sha256 sha256 32", "SHA-256")]
    [InlineData("sha512 sha512 20", "SHA-512")]
    public async Task A_key_for_PSS_alone_signs_as_it_may_and_OpenSSL_reads_it(string? restriction, string digest)
    {
        var own = await OpenSslMakesAsync(restriction);

        var cms = own.SignDetached(Some.Content, new SignerOptions { Digest = HashAlgorithmName.SHA384, Padding = SignaturePadding.Pkcs1, Chain = TestPki.Chain });

        Some.Read(cms).Verify(Some.ContentSequence).ShouldBeNull();
        (Some.Read(cms).Signers[0].DigestName, Some.Read(cms).Signers[0].SignatureAlgorithmName).ShouldBe((digest, "RSA-PSS"));
        await using var judge = new Interop.OpenSslJudge();
        var judgement = await judge.JudgeAsync(cms, Some.Content);
        judgement.IsGood.ShouldBeTrue(judgement.ToString());
    }

    [Fact]
    public async Task What_OpenSSL_signs_with_a_key_for_PSS_alone_verifies()
    {
        var own = await OpenSslMakesAsync("sha256 sha256 20");

        var cms = await OpenSslSignsAsync(own.CertificatePem + own.KeyPem, "sha256", "sha256", "40");

        Some.Read(cms).Verify(Some.ContentSequence).ShouldBeNull();
    }

    [Fact]
    public void A_key_for_PSS_alone_makes_nothing_that_it_is_not_for()
    {
        var own = ModernIdentity.IssueRsa("alice@example.com", Oids.RsaPss, Pss(Oids.Sha256, Oids.Sha256, 32));
        using var key = VerificationKey.Find(own.Certificate, out _)!;
        using var rsa = Algorithms.Modern.RareRsa.ReadPrivateKey(own.Pkcs8, Oids.RsaPss);
        var simple = rsa.SignData(Some.Content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var longer = rsa.SignData(Some.Content, HashAlgorithmName.SHA512, RSASignaturePadding.Pss);

        Verify(Oids.Sha256WithRsa, DigestAlgorithm.Sha256, simple).ShouldBe(CmsFaultKind.AlgorithmMismatch);
        VerifyPss(Oids.Sha512, Oids.Sha512, 64, DigestAlgorithm.Sha512, longer).ShouldBe(CmsFaultKind.AlgorithmMismatch);
        VerifyPss(Oids.Sha256, Oids.Sha256, 31, DigestAlgorithm.Sha256, simple).ShouldBe(CmsFaultKind.AlgorithmMismatch);
        VerifyPss(Oids.Sha256, Oids.Sha1, 32, DigestAlgorithm.Sha256, simple).ShouldBe(CmsFaultKind.AlgorithmMismatch);
        VerifyPss(Oids.Sha256, Oids.Sha256, 32, DigestAlgorithm.Sha256, rsa.SignData(Some.Content, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)).ShouldBeNull();
        Recipients.Refuse(own.Certificate).Kind.ShouldBe(CmsFaultKind.RecipientKeyUnusable);

        CmsFaultKind? Verify(string oid, DigestAlgorithm digest, byte[] signature) =>
            key.Verify(SignatureAlgorithm.Read(SignatureAlgorithm.EncodeBare(oid)), digest, Some.Content, signature)?.Kind;

        CmsFaultKind? VerifyPss(string digestOid, string maskOid, int salt, DigestAlgorithm digest, byte[] signature) =>
            key.Verify(new SignatureAlgorithm(Oids.RsaPss, SignatureKind.RsaPss, digestOid, new PssParameters(digestOid, maskOid, salt)), digest, Some.Content, signature)?.Kind;
    }

    [Theory]
    [InlineData(Oids.Sha256, Oids.Sha1, 32)]
    [InlineData(Oids.Sha256, Oids.Sha256, 33)]
    [InlineData("1.2.3", Oids.Sha256, 32)]
    public void A_key_restricted_to_what_is_not_made_here_is_unusable(string digest, string mask, int salt)
    {
        var own = ModernIdentity.IssueRsa("alice@example.com", Oids.RsaPss, Pss(digest, mask, salt));

        Signer.TryCreate(own.ForCms(), new SignerOptions(), out _, out var fault).ShouldBeFalse();

        fault!.Kind.ShouldBe(CmsFaultKind.SignerKeyUnusable);
    }

    [Theory]
    [InlineData("sha256", "sha1", null)]
    [InlineData("sha512", "sha256", null)]
    [InlineData("sha1", "sha1", "4bfa")]
    [InlineData("sha256", "sha384", "00")]
    [InlineData("sha256", "sha256", "616c696365406578616d706c652e636f6d")]
    public async Task OAEP_of_OpenSSL_opens_with_each_mask_and_label(string digest, string mask, string? label)
    {
        string[] arguments =
        [
            "cms", "-encrypt", "-binary", "-aes256", "-in", _folder.Write("content", Some.Content), "-outform", "DER", "-out", _folder.Path + "/cms.der",
            "-recip", _folder.Write("alice.pem", TestPki.MakeCertificatePem(Alice)), "-keyopt", "rsa_padding_mode:oaep", "-keyopt", $"rsa_oaep_md:{digest}",
            "-keyopt", $"rsa_mgf1_md:{mask}", .. label is null ? Array.Empty<string>() : ["-keyopt", $"rsa_oaep_label:{label}"],
        ];
        await Tool.MustAsync("openssl", arguments);
        var cms = await File.ReadAllBytesAsync(_folder.Path + "/cms.der");

        SomeEnvelope.Read(cms).TryDecrypt([Alice], allowWeakCiphers: false, out var content, out var fault).ShouldBeTrue(fault?.Reason);

        content.ShouldBe(Some.Content);
        SomeEnvelope.Read(cms).Recipients[0].AlgorithmName.EndsWith(", with a label", StringComparison.Ordinal).ShouldBe(label is not null);
    }

    [Theory]
    [InlineData(null, KeyTransport.RsaPkcs1, "RSA-OAEP SHA-256")]
    [InlineData(null, KeyTransport.OaepSha512, "RSA-OAEP SHA-512")]
    [InlineData("", KeyTransport.OaepSha512, "RSA-OAEP SHA-1")]
    [InlineData("2.16.840.1.101.3.4.2.1 1.3.14.3.2.26", KeyTransport.RsaPkcs1, "RSA-OAEP SHA-256, mask SHA-1")]
    [InlineData("2.16.840.1.101.3.4.2.1 2.16.840.1.101.3.4.2.1 label", KeyTransport.RsaPkcs1, "RSA-OAEP SHA-256, with a label")]
    public async Task A_key_for_OAEP_alone_is_encrypted_to_as_its_certificate_says_and_OpenSSL_opens_it(string? restriction, KeyTransport configured, string name)
    {
        var own = ModernIdentity.IssueRsa("alice@example.com", Oids.RsaesOaep, Oaep(restriction));
        using var recipient = Recipients.Make(own.Certificate, configured);
        using var encryption = new ContentEncryption(ContentCipher.Aes256Cbc, [recipient], Some.ContentSequence);
        var cms = new byte[encryption.EncodedLength];
        encryption.Write(cms);

        own.Decrypt(cms).ShouldBe(Some.Content);
        SomeEnvelope.Read(cms).Recipients[0].AlgorithmName.ShouldBe(name);
        using var rsa = Algorithms.Modern.RareRsa.ReadPrivateKey(own.Pkcs8, Oids.RsaesOaep);
        var run = await Tool.MustAsync(
            "openssl", ["cms", "-decrypt", "-binary", "-inform", "DER", "-in", _folder.Write("cms.der", cms), "-inkey", _folder.Write("key.pem", rsa.ExportPkcs8PrivateKeyPem())]);
        run.OutputBytes.ShouldBe(Some.Content);
    }

    [Fact]
    public void A_key_for_OAEP_alone_opens_nothing_else_and_does_not_sign()
    {
        var own = ModernIdentity.IssueRsa("alice@example.com", Oids.RsaesOaep);
        using var rsa = Algorithms.Modern.RareRsa.ReadPrivateKey(own.Pkcs8, Oids.RsaesOaep);
        var simple = OddEnvelope.TransportOf(own.Certificate, rsa.Encrypt(OddEnvelope.ContentKey, RSAEncryptionPadding.Pkcs1));

        new OddEnvelope { Recipients = [simple] }.Read().TryDecrypt([own.ForCms()], allowWeakCiphers: false, out _, out _, out var fault).ShouldBeFalse();

        fault!.Kind.ShouldBe(CmsFaultKind.NoMatchingKey);
        Signer.TryCreate(own.ForCms(), new SignerOptions(), out _, out fault).ShouldBeFalse();
        fault!.Kind.ShouldBe(CmsFaultKind.SignerKeyUnusable);
    }

    [Fact]
    public void A_wrong_label_fails_as_a_wrong_key_does()
    {
        var own = ModernIdentity.IssueRsa("alice@example.com", Oids.RsaesOaep, Oaep("2.16.840.1.101.3.4.2.1 2.16.840.1.101.3.4.2.1 label"));
        using var recipient = Recipients.Make(own.Certificate);
        using var encryption = new ContentEncryption(ContentCipher.Aes256Gcm, [recipient], Some.ContentSequence);
        var cms = new byte[encryption.EncodedLength];
        encryption.Write(cms);
        cms[cms.AsSpan().IndexOf("label"u8)] ^= 1;

        SomeEnvelope.Read(cms).TryDecrypt([own.ForCms()], allowWeakCiphers: false, out _, out _, out var fault).ShouldBeFalse();

        fault!.Kind.ShouldBe(CmsFaultKind.DecryptionFailed);
    }

    private async Task<byte[]> OpenSslSignsAsync(string identity, string digest, string mask, string salt)
    {
        var own = _folder.Write("own.pem", identity);
        await Tool.MustAsync(
            "openssl",
            ["cms", "-sign", "-binary", "-in", _folder.Write("content", Some.Content), "-signer", own, "-md", digest, "-keyopt", "rsa_padding_mode:pss",
                "-keyopt", $"rsa_mgf1_md:{mask}", "-keyopt", $"rsa_pss_saltlen:{salt}", "-outform", "DER", "-out", _folder.Path + "/cms.der"]);
        return await File.ReadAllBytesAsync(_folder.Path + "/cms.der");
    }

    private static async Task<ModernIdentity> OpenSslMakesAsync(string? restriction)
    {
        string[] options = restriction?.Split(' ') is [var digest, var mask, var salt]
            ? ["-pkeyopt", $"rsa_pss_keygen_md:{digest}", "-pkeyopt", $"rsa_pss_keygen_mgf1_md:{mask}", "-pkeyopt", $"rsa_pss_keygen_saltlen:{salt}"]
            : [];
        var key = (await Tool.MustAsync("openssl", ["genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048", .. options])).OutputBytes;
        var pkcs8 = (await Tool.MustAsync("openssl", ["pkcs8", "-topk8", "-nocrypt", "-outform", "DER"], key)).OutputBytes;
        var info = (await Tool.MustAsync("openssl", ["pkey", "-pubout", "-outform", "DER"], key)).OutputBytes;
        return new ModernIdentity(ModernIdentity.IssueFor("alice@example.com", info, X509KeyUsageFlags.DigitalSignature), pkcs8);
    }

    private static byte[] Pss(string digest, string mask, int salt) => Encode(writer =>
    {
        Tagged(writer, 0, () => Identifier(writer, digest));
        Tagged(writer, 1, () =>
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Oids.Mgf1);
                Identifier(writer, mask);
            }
        });
        Tagged(writer, 2, () => writer.WriteInteger(salt));
    });

    // Digest, digest of the mask and label, with blanks between; empty for parameters that say nothing.
    private static byte[]? Oaep(string? text) => text is null ? null : Encode(writer =>
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > 1)
        {
            Tagged(writer, 0, () => Identifier(writer, parts[0]));
            Tagged(writer, 1, () =>
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Oids.Mgf1);
                    Identifier(writer, parts[1]);
                }
            });
        }

        if (parts.Length > 2)
        {
            Tagged(writer, 2, () =>
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Oids.OaepLabel);
                    writer.WriteOctetString(System.Text.Encoding.ASCII.GetBytes(parts[2]));
                }
            });
        }
    });

    private static byte[] Encode(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            write(writer);
        }

        return writer.Encode();
    }

    private static void Tagged(AsnWriter writer, int tag, Action write)
    {
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, tag)))
        {
            write();
        }
    }

    private static void Identifier(AsnWriter writer, string oid)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            writer.WriteNull();
        }
    }
}
