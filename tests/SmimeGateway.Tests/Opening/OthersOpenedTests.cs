using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeGateway.Certificates;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.Opening;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.Tests.Opening;

/// <summary>Whole messages that others made, opened down to their text.</summary>
public sealed class OthersOpenedTests(ITestOutputHelper output)
{
    // Within the life of Thunderbird's certificates.
    private static readonly DateTimeOffset In2027 = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("alice.env.eml", "Enveloped good")]
    [InlineData("alice.dsig.SHA256.multipart.env.eml", "Enveloped good, ClearSigned good")]
    [InlineData("alice.sig.SHA256.opaque.env.eml", "Enveloped good, OpaqueSigned good")]
    [InlineData("alice.html.sig.SHA256.opaque.env.eml", "Enveloped good, OpaqueSigned good")]
    [InlineData("alice.env.sig.SHA256.opaque.eml", "OpaqueSigned good, Enveloped good")]
    [InlineData("alice.env.dsig.SHA256.multipart.eml", "ClearSigned bad, Enveloped good")]
    [InlineData("alice.sig.SHA256.opaque.eml", "OpaqueSigned good")]
    [InlineData("alice.dsig.SHA256.multipart.eml", "ClearSigned good")]
    [InlineData("alice.dsig.SHA256.multipart.bad.eml", "ClearSigned bad")]
    [InlineData("alice.dsig.SHA256.multipart.mismatch-econtent.eml", "ClearSigned bad")]
    public void Mail_of_Thunderbird(string file, string layers)
    {
        if (Corpora.Folder("thunderbird-smime") is not { } folder)
        {
            output.WriteLine("Skipped: there is no folder shared/corpora/thunderbird-smime beside the checkout.");
            return;
        }

        var own = Directory.GetFiles(folder, "*.p12")
            .SelectMany(path => X509CertificateLoader.LoadPkcs12CollectionFromFile(path, "nss"))
            .Where(certificate => certificate.HasPrivateKey);
        var root = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, "TestCA.pem"));

        var opened = Opener([root], own).Open(Corpora.ReadMail(Path.Combine(folder, file)), In2027);

        Describe(opened).ShouldBe(layers, string.Join("; ", opened.Layers.SelectMany(layer => layer.Signers)));
        Text(opened).ShouldContain("message");
    }

    [Theory]
    [InlineData(KeyKind.Rsa2048, "aes256", "")]
    [InlineData(KeyKind.Rsa2048, "aes-256-gcm", "-stream")]
    [InlineData(KeyKind.EcP256, "aes-128-gcm", "")]
    [InlineData(KeyKind.EcP521, "aes128", "-stream")]
    public async Task What_OpenSSL_wraps_three_times(KeyKind kind, string cipher, string options)
    {
        using var folder = new ScratchFolder();
        var (alice, bob) = (TestPki.Issue("alice@example.com", kind), TestPki.Issue("bob@example.com", kind, keyOwner: "bob"));
        var signer = folder.Write("alice.pem", TestPki.MakePem(alice, null, TestPki.Chain));
        var recipient = folder.Write("bob.pem", TestPki.MakeCertificatePem(bob));
        var chain = folder.Write("chain.pem", TestPki.MakeCertificatePem(TestPki.Intermediate));
        var more = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] sign = ["cms", "-sign", "-crlfeol", "-signer", signer, "-certfile", chain];

        var signed = await Tool.MustAsync("openssl", sign, Letters.Bytes(Letters.Plain));
        var encrypted = await Tool.MustAsync(
            "openssl", ["cms", "-encrypt", "-crlfeol", $"-{cipher}", .. more, "-recip", recipient], signed.OutputBytes);
        var triple = await Tool.MustAsync(
            "openssl", [.. sign, "-nodetach", .. more, "-from", "alice@example.com", "-to", "bob@example.com"], encrypted.OutputBytes);
        var opened = Opener([TestPki.Root], [bob]).Open(triple.OutputBytes, TimeProvider.System.GetUtcNow());

        var envelope = cipher.EndsWith("gcm", StringComparison.Ordinal) ? "AuthEnveloped" : "Enveloped";
        Describe(opened).ShouldBe($"OpaqueSigned good, {envelope} good, ClearSigned good", opened.Fault);
        Text(opened).ShouldBe(Letters.Plain);
    }

    private static Opener Opener(IEnumerable<X509Certificate2> roots, IEnumerable<X509Certificate2> own) => new(
        new TrustStore(roots, [TestPki.Intermediate]),
        own.Select(certificate => new OwnCertificate("own", "own.pfx", certificate, [], CertificateTraits.Read(certificate))));

    private static string Describe(OpenedMessage opened) =>
        string.Join(", ", opened.Layers.Select(layer => $"{layer.Kind} {(layer.IsGood ? "good" : "bad")}"));

    private static string Text(OpenedMessage opened) => Encoding.Latin1.GetString(opened.Content!.Value.Span);
}
