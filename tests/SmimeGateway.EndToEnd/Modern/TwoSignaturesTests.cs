using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using MimeKit;
using MimeKit.Cryptography;
using SmimeGateway.EndToEnd.Interop;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Modern;

namespace SmimeGateway.EndToEnd.Modern;

/// <summary>
/// Mail with a second signature of ML-DSA (<c>"also": "mlDsa"</c>), given to those who know nothing of it. docs/interoperability.md says the same, so that a
/// program that has learnt it, or a table that is wrong, fails the build.
/// </summary>
public sealed class TwoSignaturesTests(Judges judges, TwoSignaturesGateway gateway) : IClassFixture<Judges>, IClassFixture<TwoSignaturesGateway>
{
    private const string Alice = "alice@example.com";
    private const string Carol = "carol@example.com";
    private const string Erika = "erika@example.com";

    [Theory]
    [InlineData("clear.example", Alice)]
    [InlineData("opaque.example", Alice)]
    [InlineData("clear.example", Erika)]
    [InlineData("opaque.example", Erika)]
    public async Task Each_program_does_with_it_what_the_table_says(string domain, string sender)
    {
        var received = await gateway.SendAsync(domain, sender);

        var openSsl = await judges.OpenSsl.JudgeAsync(received);
        openSsl.IsGood.ShouldBeFalse(openSsl.Text);
        openSsl.Text.ShouldContain("X509_PUBKEY_get0");
        var gpgsm = await judges.Gpgsm.JudgeAsync(received);
        gpgsm.IsGood.ShouldBeFalse(gpgsm.Text);
        gpgsm.Text.ShouldContain("Good signature from");
        gpgsm.Text.ShouldContain("no signature value available");
        var nss = await judges.Cmsutil.JudgeAsync(received);
        nss.Text.ShouldContain("signer0.status=GoodSignature");
        nss.Text.ShouldContain("signer1.status=ProcessingError");
        var parts = SignedParts.Of(received);
        (await GnuTlsAsync(parts)).ShouldContain("Signature status: ok");
        FrameworkFault(parts).ShouldBe("Algorithm 'MLDsa' is not supported on this platform.");
        MimeKitOpens(received).ShouldBe(2);
    }

    [Fact]
    public async Task The_classical_signature_alone_would_please_all_of_them()
    {
        var received = await gateway.SendAsync("clear.example", Carol);

        (await judges.OpenSsl.JudgeAsync(received)).IsGoodFor(Carol).ShouldBeTrue();
        (await judges.Gpgsm.JudgeAsync(received)).IsGoodFor(Carol).ShouldBeTrue();
        FrameworkFault(SignedParts.Of(received)).ShouldBe("");
        MimeKitOpens(received).ShouldBe(1);
        gateway.Process.Log.ShouldContain("rule \"clear\" finds no certificate for the second signature, so it leaves without: ");
    }

    [Fact]
    public async Task A_rule_that_asks_for_both_or_nothing_refuses_who_has_one()
    {
        var reply = await gateway.Process.SendAsync(Carol, "bob@strict.example", TwoSignaturesGateway.Message(Carol));

        reply.Code.ShouldBe(550);
        reply.Text.ShouldBe("550 5.7.5 no certificate for the second signature for carol@example.com, for mail to <bob@strict.example>");
        await gateway.SendAsync("strict.example", Alice);
    }

    [Fact]
    public async Task Who_has_the_second_certificate_alone_is_not_signed_for()
    {
        var reply = await gateway.Process.SendAsync("frida@example.com", "bob@strict.example", TwoSignaturesGateway.Message("frida@example.com"));

        reply.Code.ShouldBe(550);
        reply.Text.ShouldContain("5.7.5");
    }

    [Fact]
    public async Task Two_authorities_issue_the_two_certificates()
    {
        var received = await gateway.SendAsync("strict.example", "dora@example.com");

        MimeKitOpens(received).ShouldBe(2);
    }

    [Fact]
    public async Task A_second_certificate_that_cannot_be_read_makes_mail_wait_whatever_the_rule_says()
    {
        await using var nextHop = new CollectingNextHop();
        using var home = new GatewayHome();
        var quantum = ModernIdentity.Issue(Alice, ModernKind.MlDsa65);
        var pem = quantum.CertificatePem + quantum.KeyPem;
        home.Write("quantum/alice.pem", pem[..(pem.Length / 3)]);
        home.Configure(Members.Join(
            Members.Senders,
            Members.Office(home, TestPki.Issue(Alice)).Replace("\"office.password\" }", "\"office.password\" } }, { \"name\": \"quantum\", \"folder\": \"quantum\"", StringComparison.Ordinal),
            Members.Relay(nextHop.Port),
            "\"rules\": [{ \"name\": \"all\", \"sign\": { \"with\": [\"office\", \"quantum\"], \"also\": \"mlDsa\", \"whenMissing\": \"pass\" } }]"));
        await using var process = await GatewayProcess.StartAsync(home);

        (await process.SendAsync(Alice, "bob@example.net", TwoSignaturesGateway.Message(Alice))).Text.ShouldStartWith("451 4.4.3 ");
        home.Write("quantum/alice.pem", pem);

        await Eventually.TrueAsync(async () => (await process.SendAsync(Alice, "bob@example.net", TwoSignaturesGateway.Message(Alice))).Code == 250);
        MimeKitOpens((await nextHop.ReceivesAsync(1))[0].Content).ShouldBe(2);
    }

    [Fact]
    public async Task In_three_layers_both_sign_twice_and_verify_tells_of_each()
    {
        var received = await gateway.SendAsync("triple.example", Alice);
        var file = gateway.Home.Write("triple.eml", System.Text.Encoding.Latin1.GetString(received));

        var verified = await GatewayProcess.CommandAsync(gateway.Home, "verify", file);

        var outside = verified.Text[..verified.Text.IndexOf("2. ", StringComparison.Ordinal)];
        outside.Split("signature: good").Length.ShouldBe(3, verified.Text);
        outside.ShouldContain("RSA PKCS#1 v1.5, SHA-256");
        outside.ShouldContain("ML-DSA-65, SHA-512");
    }

    [Fact]
    public async Task Test_and_check_say_who_signs_and_who_would_refuse_it()
    {
        var test = await GatewayProcess.CommandAsync(gateway.Home, "test", "--from", Alice, "--to", "bob@clear.example");
        var check = await GatewayProcess.CommandAsync(gateway.Home, "check");

        test.ExitCode.ShouldBe(0, test.Text);
        test.Text.ShouldContain("signed clear, sha-256,sha-512, RSA PKCS#1 v1.5 and ML-DSA-65, content with");
        test.Text.ShouldContain("ML-DSA-65, from quantum");
        check.Text.ShouldContain("OpenSSL 3.0, GnuPG 2.2 and .NET refuse the whole message");
    }

    private static async Task<string> GnuTlsAsync(SignedParts parts)
    {
        using var folder = new ScratchFolder();
        var root = folder.Write("root.pem", TestPki.MakeCertificatePem(TestPki.Public(TestPki.Root)));
        string[] content = parts.SignedContent is null ? [] : ["--load-data", folder.Write("content", parts.SignedContent)];
        var run = await Tool.RunAsync("certtool", ["--p7-verify", "--inder", "--infile", folder.Write("cms.der", parts.Cms), "--load-ca-certificate", root, .. content]);
        return run.Text;
    }

    private static string FrameworkFault(SignedParts parts)
    {
        var signed = parts.SignedContent is null ? new SignedCms() : new SignedCms(new ContentInfo(parts.SignedContent), detached: true);
        try
        {
            signed.Decode(parts.Cms);
            signed.CheckSignature(verifySignatureOnly: true);
            return "";
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
        {
            return exception.Message;
        }
    }

    private static int MimeKitOpens(byte[] received)
    {
        using var context = new TemporarySecureMimeContext { CheckCertificateRevocation = false };
        using var message = MimeMessage.Load(new MemoryStream(received));
        var signatures = message.Body is MultipartSigned clear ? clear.Verify(context) : ((ApplicationPkcs7Mime)message.Body!).Verify(context, out _);
        return signatures.Count(signature => signature.Verify(verifySignatureOnly: true));
    }
}
