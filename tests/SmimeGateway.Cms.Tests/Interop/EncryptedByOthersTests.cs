using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop;

[Collection(Judges.Collection)]
public sealed class EncryptedByOthersTests(Judges judges)
{
    public static TheoryData<KeyKind, string> OpenSslWays
    {
        get
        {
            var ways = new TheoryData<KeyKind, string>();
            foreach (var cipher in new[] { "aes128", "aes192", "aes256", "aes-128-gcm", "aes-192-gcm", "aes-256-gcm", "des3" })
            {
                ways.Add(KeyKind.Rsa2048, $"-{cipher}");
                ways.Add(KeyKind.Rsa2048, $"-{cipher} -stream");
                ways.Add(KeyKind.EcP256, $"-{cipher}");
            }

            foreach (var padding in new[] { "sha1", "sha256", "sha384", "sha512" })
            {
                ways.Add(KeyKind.Rsa3072, $"-aes256 -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:{padding} -keyopt rsa_mgf1_md:{padding}");
            }

            ways.Add(KeyKind.Rsa3072, "-aes256 -keyopt rsa_padding_mode:oaep");
            ways.Add(KeyKind.Rsa4096, "-aes256 -keyid");
            foreach (var curve in new[] { KeyKind.EcP256, KeyKind.EcP384, KeyKind.EcP521 })
            {
                foreach (var digest in new[] { "sha1", "sha256", "sha384", "sha512" })
                {
                    ways.Add(curve, $"-aes256 -keyopt ecdh_kdf_md:{digest}");
                }

                ways.Add(curve, "-aes-256-gcm -keyid -stream -keyopt ecdh_cofactor_mode:1 -keyopt ecdh_kdf_md:sha256");
                ways.Add(curve, "-aes128 -aes256-wrap -keyopt ecdh_kdf_md:sha512");
                ways.Add(curve, "-aes256 -des3-wrap -keyopt ecdh_kdf_md:sha256");
            }

            foreach (var cipher in new[] { "des-cbc", "rc2-cbc", "rc2-64-cbc", "rc2-40-cbc" })
            {
                ways.Add(KeyKind.Rsa2048, $"-{cipher} -provider legacy -provider default");
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(OpenSslWays))]
    public async Task What_OpenSSL_encrypts_is_decrypted(KeyKind kind, string options)
    {
        using var folder = new ScratchFolder();
        var alice = TestPki.Issue("alice@example.com", kind);

        // Options of the key follow its recipient, all others come before.
        var split = options.IndexOf("-keyopt", StringComparison.Ordinal) is >= 0 and var at ? at : options.Length;
        var others = options[..split].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var keyOptions = options[split..].Split(' ', StringSplitOptions.RemoveEmptyEntries);

        var cms = await Tool.MustAsync(
            "openssl",
            [
                "cms", "-encrypt", "-binary", "-in", folder.Write("content", Some.Content), "-outform", "DER", .. others,
                "-recip", folder.Write("alice.pem", TestPki.MakeCertificatePem(alice)), .. keyOptions,
            ]);

        ShouldDecrypt(cms.OutputBytes, alice);
    }

    [Fact]
    public async Task What_OpenSSL_encrypts_by_OAEP_with_a_mask_of_another_digest_decrypts()
    {
        using var folder = new ScratchFolder();
        var alice = TestPki.Issue("alice@example.com");

        var cms = await Tool.MustAsync(
            "openssl",
            [
                "cms", "-encrypt", "-aes256", "-in", folder.Write("content", Some.Content), "-outform", "DER",
                "-recip", folder.Write("alice.pem", TestPki.MakeCertificatePem(alice)),
                "-keyopt", "rsa_padding_mode:oaep", "-keyopt", "rsa_oaep_md:sha256", "-keyopt", "rsa_mgf1_md:sha1",
            ]);

        ShouldDecrypt(cms.OutputBytes, alice);
    }

    [Fact]
    public async Task Each_of_several_recipients_of_OpenSSL_decrypts()
    {
        using var folder = new ScratchFolder();
        var kinds = Enum.GetValues<KeyKind>();
        var recipients = kinds.Select(kind => TestPki.Issue($"{kind}@example.com", kind)).ToList();
        var files = recipients.Select(recipient => folder.Write(recipient.Thumbprint, TestPki.MakeCertificatePem(recipient))).ToList();

        var cms = await Tool.MustAsync(
            "openssl",
            [
                "cms", "-encrypt", "-binary", "-aes256", "-in", folder.Write("content", Some.Content), "-outform", "DER",
                .. files.SelectMany(file => new[] { "-recip", file }),
            ]);

        recipients.ForEach(recipient => ShouldDecrypt(cms.OutputBytes, recipient));
        SomeEnvelope.Read(cms.OutputBytes).Recipients.Count.ShouldBe(kinds.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--cipher-algo AES256")]
    [InlineData("--cipher-algo 3DES")]
    [InlineData("--armor")]
    public async Task What_gpgsm_encrypts_is_decrypted(string options)
    {
        using var folder = new ScratchFolder();
        var (alice, bob) = (TestPki.Issue("alice@example.com"), TestPki.Issue("bob@example.com", KeyKind.Rsa3072));
        var certificates = folder.Write("certificates.pem", TestPki.MakeCertificatePem(alice, bob, TestPki.Public(TestPki.Intermediate)));
        (await judges.Gpgsm.RunAsync("--import", certificates)).ExitCode.ShouldBe(0);

        var run = await judges.Gpgsm.RunAsync(
            [
                "--encrypt", "--recipient", alice.Thumbprint, "--recipient", bob.Thumbprint,
                .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), folder.Write("content", Some.Content),
            ]);

        run.ExitCode.ShouldBe(0, run.Text);
        var cms = options == "--armor" ? PemEncodingOf(run.Output) : run.OutputBytes;
        ShouldDecrypt(cms, alice);
        ShouldDecrypt(cms, bob);
    }

    [Fact]
    public async Task What_NSS_encrypts_is_decrypted()
    {
        using var folder = new ScratchFolder();
        var address = "nss.recipient@example.com";
        var alice = TestPki.Issue(address);
        foreach (var (name, certificate) in new[] { ("intermediate", TestPki.Intermediate), (address, alice) })
        {
            var file = folder.Write(name, TestPki.MakeCertificatePem(certificate));
            await Tool.MustAsync("certutil", ["-A", "-d", judges.Nss.Database, "-n", name, "-t", ",,", "-a", "-i", file]);
        }

        var output = Path.Combine(folder.Path, "cms.der");
        await Tool.MustAsync(
            "cmsutil", ["-E", "-d", judges.Nss.Database, "-r", address, "-i", folder.Write("content", Some.Content), "-o", output]);

        ShouldDecrypt(await File.ReadAllBytesAsync(output), alice);
    }

    [Theory]
    [MemberData(nameof(FrameworkWays))]
    public void What_NET_encrypts_is_decrypted(string cipher, string padding, bool byKeyIdentifier)
    {
        var alice = TestPki.Issue("alice@example.com", KeyKind.Rsa3072);
        var identifier = byKeyIdentifier ? SubjectIdentifierType.SubjectKeyIdentifier : SubjectIdentifierType.IssuerAndSerialNumber;
        var enveloped = new EnvelopedCms(new ContentInfo(Some.Content), new AlgorithmIdentifier(new Oid(cipher)));
        enveloped.Encrypt(new System.Security.Cryptography.Pkcs.CmsRecipient(identifier, alice, PaddingOf(padding)));

        ShouldDecrypt(enveloped.Encode(), alice);
    }

    public static TheoryData<string, string, bool> FrameworkWays
    {
        get
        {
            var ways = new TheoryData<string, string, bool>();
            foreach (var cipher in new[] { Oids.Aes128Cbc, Oids.Aes192Cbc, Oids.Aes256Cbc, Oids.TripleDesCbc, Oids.DesCbc, Oids.Rc2Cbc })
            {
                ways.Add(cipher, "PKCS#1", false);
            }

            foreach (var digest in new[] { "SHA1", "SHA256", "SHA384", "SHA512" })
            {
                ways.Add(Oids.Aes256Cbc, digest, true);
            }

            return ways;
        }
    }

    private static RSAEncryptionPadding PaddingOf(string name) =>
        name == "PKCS#1" ? RSAEncryptionPadding.Pkcs1 : RSAEncryptionPadding.CreateOaep(new HashAlgorithmName(name));

    private static byte[] PemEncodingOf(string text) =>
        Convert.FromBase64String(text[PemEncoding.Find(text).Base64Data]);

    private static void ShouldDecrypt(byte[] cms, X509Certificate2 certificate)
    {
        var enveloped = SomeEnvelope.Read(cms);
        var stranger = TestPki.Issue("stranger@example.com", KeyKind.Rsa2048, keyOwner: "stranger");

        enveloped.TryDecrypt([new CmsIdentity(stranger), new CmsIdentity(certificate)], allowWeakCiphers: true, out var content, out var opener, out var fault)
            .ShouldBeTrue(fault?.Reason);
        content.ShouldBe(Some.Content);
        opener!.Certificate.ShouldBeSameAs(certificate);
    }
}
