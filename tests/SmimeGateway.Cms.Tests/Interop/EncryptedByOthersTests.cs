using System.Security.Cryptography.X509Certificates;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop;

[Collection(Judges.Collection)]
public sealed class EncryptedByOthersTests
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

    private static void ShouldDecrypt(byte[] cms, X509Certificate2 certificate)
    {
        var enveloped = SomeEnvelope.Read(cms);
        var stranger = TestPki.Issue("stranger@example.com", KeyKind.Rsa2048, keyOwner: "stranger");

        enveloped.TryDecrypt([stranger, certificate], allowWeakCiphers: true, out var content, out var opener, out var fault)
            .ShouldBeTrue(fault?.Reason);
        content.ShouldBe(Some.Content);
        opener.ShouldBeSameAs(certificate);
    }
}
