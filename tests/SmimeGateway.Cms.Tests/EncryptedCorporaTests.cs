using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.Cms.Tests;

/// <summary>What others published, with what they say about it, as far as encryption goes.</summary>
public sealed class EncryptedCorporaTests(ITestOutputHelper output)
{
    private const string ExampleContent = "This is some sample content.";
    private const string ToBob = "This is a test message from Alice to Bob.";
    private const string ToFran = "This is a test message to Fran.";
    private const string Signature = "Content-Type: application/pkcs7-signature";
    private const string OpaqueSignature = "smime-type=signed-data";

    [Theory]
    [InlineData("5.1.bin", "3DES-CBC: RSA")]
    [InlineData("5.2.bin", "RC2-CBC: RSA, a key agreed upon before")]
    public void Objects_of_RFC_4134(string file, string algorithms)
    {
        if (Find("rfc4134") is { } folder)
        {
            using var key = RSA.Create();
            key.ImportPkcs8PrivateKey(File.ReadAllBytes(Path.Combine(folder, "BobPrivRSAEncrypt.pri")), out _);
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, "BobRSASignByCarl.cer"));
            var enveloped = SomeEnvelope.Read(File.ReadAllBytes(Path.Combine(folder, file)));

            Describe(enveloped).ShouldBe(algorithms);
            enveloped.TryDecrypt([certificate.CopyWithPrivateKey(key)], allowWeakCiphers: true, out var content, out var fault).ShouldBeTrue(fault?.Reason);
            Encoding.Latin1.GetString(content!).ShouldBe(ExampleContent);
        }
    }

    [Theory]
    [InlineData("alice.env.eml", "AES-128-CBC: RSA", ToBob)]
    [InlineData("alice.dsig.SHA256.multipart.env.eml", "AES-128-CBC: RSA", Signature)]
    [InlineData("alice.sig.SHA256.opaque.env.eml", "AES-128-CBC: RSA", OpaqueSignature)]
    [InlineData("alice.html.sig.SHA256.opaque.env.eml", "AES-128-CBC: RSA", OpaqueSignature)]
    [InlineData("interop/fran-ec_ossl-aes128-sha256.env", "AES-128-CBC: ECDH SHA-256, AES-128 key wrap", ToFran)]
    [InlineData("interop/fran-ec_ossl-aes256-sha512.env", "AES-256-CBC: ECDH SHA-512, AES-256 key wrap", ToFran)]
    [InlineData("interop/fran-oaep_ossl.env", "3DES-CBC: RSA-OAEP SHA-1", ToFran)]
    [InlineData("interop/fran-oaep-sha256hash_ossl.env", "AES-128-CBC: RSA-OAEP SHA-256", ToFran)]
    [InlineData("interop/fran-oaep-sha256hash-sha256mgf_ossl.env", "AES-256-CBC: RSA-OAEP SHA-256", ToFran)]
    public void Mail_of_Thunderbird(string file, string algorithms, string content)
    {
        if (Find("thunderbird-smime") is { } folder)
        {
            var enveloped = Mail(folder, file);

            Describe(enveloped).ShouldBe(algorithms);
            enveloped.TryDecrypt(Identities(folder), allowWeakCiphers: true, out var decrypted, out var fault).ShouldBeTrue(fault?.Reason);
            Encoding.Latin1.GetString(decrypted!).ShouldContain(content);
        }
    }

    [Fact]
    public void A_label_of_OAEP_is_more_than_the_framework_offers_and_opens_all_the_same()
    {
        if (Find("thunderbird-smime") is { } folder)
        {
            Mail(folder, "interop/fran-oaep-label_ossl.env")
                .TryDecrypt(Identities(folder), allowWeakCiphers: true, out var content, out var fault).ShouldBeTrue(fault?.Reason);

            content!.Length.ShouldBeGreaterThan(0);
        }
    }

    [Theory]
    [InlineData("enveloped_data_ktri.bin", "AES-256-CBC: RSA")]
    [InlineData("enveloped_data_kari.bin", "AES-256-CBC: ECDH SHA-1, AES-256 key wrap")]
    [InlineData("enveloped_data_kekri.bin", "AES-128-CBC: a key agreed upon before")]
    [InlineData("enveloped_data_pwri.bin", "AES-128-CBC: a password")]
    [InlineData("enveloped_data_multi.bin", "AES-256-CBC: RSA, ECDH SHA-1, AES-256 key wrap, a key agreed upon before, a password")]
    [InlineData("kms_ciphertext_for_recipient_1.ber", "AES-256-CBC: RSA-OAEP SHA-256")]
    [InlineData("kms_ciphertext_for_recipient_4.ber", "AES-256-CBC: RSA-OAEP SHA-256")]
    [InlineData("1.3.6.1.4.1.22554.5.6.1_ML-KEM-512-ipd_kemri_auth.der", "AES-256-GCM: 1.3.6.1.4.1.22554.5.6.1")]
    public void Recipients_of_every_kind_are_listed_though_their_keys_were_not_published(string file, string algorithms)
    {
        if (Find("cms/rustcrypto-examples") is { } folder)
        {
            var enveloped = SomeEnvelope.Read(File.ReadAllBytes(Path.Combine(folder, file)));

            Describe(enveloped).ShouldBe(algorithms);
            enveloped.TryDecrypt([Some.Certificate], allowWeakCiphers: false, out _, out var fault).ShouldBeFalse();
            fault!.Kind.ShouldBe(CmsFaultKind.NoMatchingKey);
        }
    }

    [Theory]
    [InlineData("dh-malformed.der", "Key agreement with keys of the algorithm 1.2.840.10046.2.1 is not supported.")]
    [InlineData("ecdh-malformed.der", "The key agreement 1.3.132.1.11.1 names no key wrap.")]
    [InlineData("rsa-malformed.der", "The bytes are not a well-formed EnvelopedData or AuthEnvelopedData.")]
    public void Malformed_objects_of_OpenSSL(string file, string reason)
    {
        if (Find("cms/80-test_cms_data") is { } folder)
        {
            var certificates = Directory.GetFiles(folder, "*-cert.pem").Select(X509CertificateLoader.LoadCertificateFromFile);

            Refusal(File.ReadAllBytes(Path.Combine(folder, file)), [.. certificates]).ShouldBe(reason);
        }
    }

    [Fact]
    public void Every_file_of_the_corpora_is_read_or_refused_with_a_reason()
    {
        foreach (var folder in new[] { "cms", "rfc4134", "rfc9216" }.Select(Find).OfType<string>())
        {
            foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
            {
                Refusal(File.ReadAllBytes(file), [Some.Certificate]).ShouldNotBeEmpty(file);
            }
        }
    }

    private static string Refusal(byte[] cms, X509Certificate2[] keys)
    {
        if (EnvelopedData.TryRead(cms, out var enveloped, out var fault))
        {
            enveloped.TryDecrypt(keys, allowWeakCiphers: true, out _, out fault).ShouldBeFalse();
        }

        return fault!.Reason;
    }

    private static string Describe(EnvelopedData enveloped) =>
        $"{enveloped.CipherName}: {string.Join(", ", enveloped.Recipients.Select(recipient => recipient.AlgorithmName))}";

    private static EnvelopedData Mail(string folder, string file) =>
        SomeEnvelope.Read(SignedParts.Of(Corpora.ReadMail(Path.Combine(folder, file))).Cms);

    private static X509Certificate2[] Identities(string folder) =>
        [.. Directory.GetFiles(folder, "*.p12").SelectMany(path => X509CertificateLoader.LoadPkcs12CollectionFromFile(path, "nss"))];

    private string? Find(string name)
    {
        var folder = Corpora.Folder(name);
        if (folder is null)
        {
            output.WriteLine($"Skipped: there is no folder shared/corpora/{name} beside the checkout.");
        }

        return folder;
    }
}
