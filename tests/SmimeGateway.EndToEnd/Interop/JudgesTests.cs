using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>A judge that cannot say no proves nothing: each is shown a good message and a broken one, made by OpenSSL alone.</summary>
public sealed class JudgesTests(Judges judges) : IClassFixture<Judges>
{
    [Theory]
    [InlineData(KeyKind.Rsa2048, false, "sha256")]
    [InlineData(KeyKind.Rsa2048, true, "sha256")]
    [InlineData(KeyKind.EcP384, false, "sha384")]
    [InlineData(KeyKind.EcP256, true, "sha256")]
    public async Task All_judges_accept_what_openssl_signed(KeyKind kind, bool opaque, string digest)
    {
        var message = await SignAsync(kind, opaque, digest);

        var openSsl = await judges.OpenSsl.JudgeAsync(message);
        var gpgsm = await judges.Gpgsm.JudgeAsync(message);
        var nss = await judges.Cmsutil.JudgeAsync(message);

        openSsl.IsGoodFor("alice@example.com").ShouldBeTrue(openSsl.Text);
        gpgsm.IsGoodFor("alice@example.com").ShouldBeTrue(gpgsm.Text);
        nss.IsGood.ShouldBeTrue(nss.Text);
    }

    [Theory]
    [InlineData(KeyKind.Rsa2048)]
    [InlineData(KeyKind.EcP256)]
    public async Task No_judge_accepts_a_changed_message(KeyKind kind)
    {
        var message = await SignAsync(kind, opaque: false, "sha256");
        message[message.AsSpan().IndexOf("treaty"u8)] = (byte)'T';

        (await judges.OpenSsl.JudgeAsync(message)).IsGood.ShouldBeFalse();
        (await judges.Gpgsm.JudgeAsync(message)).IsGood.ShouldBeFalse();
        (await judges.Cmsutil.JudgeAsync(message)).IsGood.ShouldBeFalse();
    }

    [Fact]
    public async Task No_judge_accepts_a_signer_of_another_root()
    {
        using var folder = new ScratchFolder();
        await Tool.MustAsync(
            "openssl",
            ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Mallory/emailAddress=alice@example.com", "-keyout", "key.pem", "-out", "cert.pem", "-days", "30"],
            folder: folder.Path);
        var message = await SignAsync(folder, opaque: false, "sha256");

        (await judges.OpenSsl.JudgeAsync(message)).IsGood.ShouldBeFalse();
        (await judges.Gpgsm.JudgeAsync(message)).IsGood.ShouldBeFalse();
        (await judges.Cmsutil.JudgeAsync(message)).IsGood.ShouldBeFalse();
    }

    private static async Task<byte[]> SignAsync(KeyKind kind, bool opaque, string digest)
    {
        using var folder = new ScratchFolder();
        var signer = TestPki.Issue("alice@example.com", kind);
        folder.Write("cert.pem", TestPki.MakeCertificatePem(signer));
        folder.Write("key.pem", TestPki.MakeKeyPem(signer));
        folder.Write("chain.pem", TestPki.MakeCertificatePem(TestPki.Chain));
        return await SignAsync(folder, opaque, digest, "-certfile", "chain.pem");
    }

    private static async Task<byte[]> SignAsync(ScratchFolder folder, bool opaque, string digest, params string[] further)
    {
        folder.Write("content", Lines.Crlf("Content-Type: text/plain\n\nThe treaty is signed.\n"));
        string[] form = opaque ? ["-nodetach"] : [];
        var run = await Tool.MustAsync(
            "openssl",
            ["cms", "-sign", "-in", "content", "-signer", "cert.pem", "-inkey", "key.pem", "-md", digest, "-crlfeol", .. form, .. further, "-from", "alice@example.com"],
            folder: folder.Path);
        return Lines.Crlf(run.OutputBytes);
    }
}
