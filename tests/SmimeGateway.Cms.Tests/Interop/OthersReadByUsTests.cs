using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop;

[Collection(Judges.Collection)]
public sealed class OthersReadByUsTests(Judges judges)
{
    private const string Password = "secret";

    // The one encryption that gpgsm 2.2 reads.
    private static readonly PbeParameters OldEncryption = new(PbeEncryptionAlgorithm.TripleDes3KeyPkcs12, HashAlgorithmName.SHA1, 2000);

    public static TheoryData<KeyKind, string> OpenSslWays
    {
        get
        {
            var ways = new TheoryData<KeyKind, string>();
            foreach (var key in Enum.GetValues<KeyKind>())
            {
                foreach (var way in new[]
                {
                    "-nodetach", "-binary", "-nodetach -stream", "-binary -keyid", "-binary -noattr", "-nodetach -noattr -stream",
                    "-binary -md sha1", "-binary -md sha384", "-binary -md sha512", "-binary -nosmimecap -cades",
                })
                {
                    ways.Add(key, way);
                }

                if (!TestKeys.IsElliptic(key))
                {
                    ways.Add(key, "-binary -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:digest");
                    ways.Add(key, "-nodetach -md sha512 -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:digest");
                    ways.Add(key, "-binary -md md5");
                }
            }

            return ways;
        }
    }

    public static TheoryData<KeyKind, bool, bool> FrameworkWays
    {
        get
        {
            var ways = new TheoryData<KeyKind, bool, bool>();
            foreach (var key in Enum.GetValues<KeyKind>())
            {
                ways.Add(key, false, false);
                ways.Add(key, true, false);
                ways.Add(key, true, true);
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(OpenSslWays))]
    public async Task What_OpenSSL_signs_verifies(KeyKind key, string options)
    {
        using var folder = new ScratchFolder();
        var signer = folder.Write("signer.pem", TestPki.MakePem(TestPki.Issue("alice@example.com", key)));

        var cms = await Tool.MustAsync(
            "openssl",
            ["cms", "-sign", "-in", folder.Write("content", Some.Content), "-signer", signer, "-outform", "DER", .. options.Split(' ')]);

        ShouldVerify(cms.OutputBytes, isDetached: options.Contains("-binary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_several_sign_with_OpenSSL_verifies_for_each()
    {
        using var folder = new ScratchFolder();
        var alice = folder.Write("alice.pem", TestPki.MakePem(TestPki.Issue("alice@example.com")));
        var bob = folder.Write("bob.pem", TestPki.MakePem(TestPki.Issue("bob@example.com", KeyKind.EcP384)));

        var cms = await Tool.MustAsync(
            "openssl",
            ["cms", "-sign", "-nodetach", "-in", folder.Write("content", Some.Content), "-signer", alice, "-signer", bob, "-outform", "DER"]);

        ShouldVerify(cms.OutputBytes, isDetached: false);
        Some.Read(cms.OutputBytes).Signers.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_a_key_restricted_to_PSS_signs_verifies()
    {
        using var folder = new ScratchFolder();
        var key = Path.Combine(folder.Path, "key.pem");
        var certificate = Path.Combine(folder.Path, "certificate.pem");
        await Tool.MustAsync("openssl", ["genpkey", "-algorithm", "rsa-pss", "-out", key]);
        await Tool.MustAsync("openssl", ["req", "-x509", "-key", key, "-subj", "/CN=alice", "-out", certificate]);

        var cms = await Tool.MustAsync(
            "openssl",
            [
                "cms", "-sign", "-binary", "-in", folder.Write("content", Some.Content), "-signer", certificate, "-inkey", key,
                "-keyopt", "rsa_pss_saltlen:digest", "-outform", "DER",
            ]);

        ShouldVerify(cms.OutputBytes, isDetached: true);
    }

    [Theory]
    [InlineData("--sign")]
    [InlineData("--detach-sign")]
    [InlineData("--sign --digest-algo SHA1")]
    [InlineData("--detach-sign --digest-algo SHA512")]
    [InlineData("--detach-sign --include-certs -1")]
    public async Task What_gpgsm_signs_verifies(string options)
    {
        // Of some hundred key files gpgsm 2.2 now and then cannot read one, or imports it without its secret part. What is judged here is
        // what it signs, so it gets another key then.
        var (signing, said) = await SignWithGpgsmAsync(options, key: 1);
        for (var key = 2; key <= 3 && signing.ExitCode != 0; key++)
        {
            (signing, said) = await SignWithGpgsmAsync(options, key);
        }

        signing.ExitCode.ShouldBe(0, said);
        ShouldVerify(signing.OutputBytes, options.Contains("detach", StringComparison.Ordinal));
    }

    private async Task<(ToolRun Signing, string Said)> SignWithGpgsmAsync(string options, int key)
    {
        using var folder = new ScratchFolder();
        var alice = TestPki.Issue("alice@example.com", KeyKind.Rsa2048, keyOwner: $"gpgsm {options} {key}");
        X509Certificate2Collection certificates = [alice, TestPki.Public(TestPki.Intermediate)];
        var file = folder.Write("alice.p12", certificates.ExportPkcs12(OldEncryption, Password));
        var import = await judges.Gpgsm.RunWithPassphraseAsync(Password, "--import", file);
        var signing = await judges.Gpgsm.RunWithPassphraseAsync(
            Password, ["--local-user", alice.Thumbprint, .. options.Split(' '), folder.Write("content", Some.Content)]);
        return (signing, $"{import.Text}\n{signing.Text}");
    }

    [Theory]
    [InlineData(KeyKind.Rsa2048, "-G")]
    [InlineData(KeyKind.Rsa2048, "-T -G -P")]
    [InlineData(KeyKind.Rsa2048, "-T -H SHA512")]
    [InlineData(KeyKind.EcP256, "-T -G -P")]
    [InlineData(KeyKind.EcP384, "-H SHA384")]
    public async Task What_NSS_signs_verifies(KeyKind key, string options)
    {
        using var folder = new ScratchFolder();

        // One subject has one name in the database, so each case has a subject of its own.
        var name = $"{key}{options.Replace(' ', '.')}@example.com";
        var alice = TestPki.Issue(name, key, keyOwner: name);
        var pem = folder.Write("alice.pem", TestPki.MakePem(alice, null, TestPki.Chain));
        var file = Path.Combine(folder.Path, "alice.p12");
        await Tool.MustAsync("openssl", ["pkcs12", "-export", "-in", pem, "-name", name, "-passout", "pass:" + Password, "-out", file]);
        await Tool.MustAsync("pk12util", ["-i", file, "-d", judges.Nss.Database, "-W", Password]);

        var output = Path.Combine(folder.Path, "cms.der");
        await Tool.MustAsync(
            "cmsutil",
            ["-S", "-d", judges.Nss.Database, "-N", name, "-i", folder.Write("content", Some.Content), "-o", output, .. options.Split(' ')]);

        ShouldVerify(await File.ReadAllBytesAsync(output), options.Contains("-T", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(FrameworkWays))]
    public void What_NET_signs_verifies(KeyKind key, bool detached, bool byKeyIdentifier)
    {
        var alice = TestPki.Issue("alice@example.com", key);
        var identifier = byKeyIdentifier ? SubjectIdentifierType.SubjectKeyIdentifier : SubjectIdentifierType.IssuerAndSerialNumber;
        var signed = new SignedCms(new ContentInfo(Some.Content), detached);
        signed.ComputeSignature(new CmsSigner(identifier, alice));

        ShouldVerify(signed.Encode(), detached);
    }

    private static void ShouldVerify(byte[] cms, bool isDetached)
    {
        var signedData = Some.Read(cms);

        signedData.Content.HasValue.ShouldBe(!isDetached);
        signedData.Verify(isDetached ? Some.ContentSequence : null).ShouldBeNull();
    }
}
