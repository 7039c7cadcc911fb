using System.Security.Cryptography;
using System.Text;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Tnef;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>What comes in as winmail.dat leaves as signed mail that everybody reads: three judges of the signature, two of the content.</summary>
public sealed class TnefTests(Judges judges) : IClassFixture<Judges>, IDisposable
{
    // Prints the type, the name and the digest of every leaf of the message it reads.
    private const string ReadLeaves = """
        import email, email.policy, hashlib, sys
        message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
        for part in message.walk():
            assert not part.defects, part.defects
            if not part.is_multipart():
                print(part.get_content_type(), part.get_filename() or "-", hashlib.sha256(part.get_payload(decode=True)).hexdigest(), sep="|")
            elif part.get_content_type() == "message/rfc822":
                print("message/rfc822", "-", "-", sep="|")
        """;

    private readonly GatewayHome _home = new();
    private readonly ScratchFolder _scratch = new();

    public void Dispose()
    {
        _home.Dispose();
        _scratch.Dispose();
    }

    [CorpusFact("tnef")]
    public async Task Everything_that_another_program_takes_out_of_an_object_is_in_the_signed_message()
    {
        await using var gateway = await StartAsync();
        var lost = new List<string>();
        var files = 0;

        foreach (var file in Directory.GetFiles(Corpora.Folder("tnef")!, "*.tnef").Order(StringComparer.Ordinal))
        {
            var signed = await SendAsync(gateway, Mail(File.ReadAllBytes(file)));
            await ShouldVerifyAsync(signed);
            var leaves = (await Tool.MustAsync("python3", ["-c", ReadLeaves], signed)).Output;
            foreach (var (name, digest) in await ExtractAsync(file))
            {
                files++;
                if (!leaves.Contains(digest, StringComparison.Ordinal) && !leaves.Contains("message/rfc822", StringComparison.Ordinal))
                {
                    lost.Add($"{Path.GetFileName(file)}: {name}\n{leaves}");
                }
            }
        }

        lost.ShouldBeEmpty();
        files.ShouldBeGreaterThan(25);
    }

    [Theory]
    [InlineData("clear")]
    [InlineData("opaque")]
    public async Task A_converted_message_verifies_and_its_names_are_those_that_python_reads(string form)
    {
        await using var gateway = await StartAsync(form);
        var tnef = new TnefWriter()
            .Message(TnefWriter.Binary(0x1009, TnefWriter.Unpacked("{\\rtf1\\fromhtml1 {\\*\\htmltag <p>}Gr\\'fc\\'dfe{\\*\\htmltag </p><img src=\"cid:a@b\">}}")))
            .File("Übersicht – 2026.pdf", [1, 2, 3])
            .File("smime.p7m", [4], TnefWriter.Text(0x370E, "application/pkcs7-mime"))
            .File("logo.png", [5], TnefWriter.Text(0x370E, "image/png"), TnefWriter.Text(0x3712, "a@b"))
            .ToArray();

        var signed = await SendAsync(gateway, Mail(tnef));

        await ShouldVerifyAsync(signed);
        var content = (await judges.OpenSsl.OpenAsync(signed)).Content;
        var leaves = (await Tool.MustAsync("python3", ["-c", ReadLeaves], content)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        leaves.Select(leaf => leaf[..leaf.LastIndexOf('|')]).ShouldBe(
            ["text/plain|-", "text/html|-", "image/png|logo.png", "application/pdf|Übersicht – 2026.pdf", "application/octet-stream|smime.p7m"]);
    }

    [Fact]
    public async Task Test_shows_the_parts_that_would_leave_and_what_they_come_of_and_explain_says_that_the_rule_converts()
    {
        Configure("clear");
        var mail = _scratch.Path + "/mail.eml";
        File.WriteAllBytes(mail, Mail(new TnefWriter().Note("hello").File("plan.pdf", [1, 2, 3]).ToArray()));
        var broken = _scratch.Path + "/broken.eml";
        File.WriteAllBytes(broken, Mail(new TnefWriter().Note("hello").ToArray()[..^1]));
        string[] trial = ["--from", "anna@example.com", "--to", "bert@partner.example"];

        var good = await GatewayProcess.CommandAsync(_home, ["test", .. trial, "--message", mail]);
        var bad = await GatewayProcess.CommandAsync(_home, ["test", .. trial, "--message", broken]);
        var explained = await GatewayProcess.CommandAsync(_home, ["explain", .. trial]);

        good.Output.ShouldContain("octets of TNEF become text, 1 file(s) and 0 message(s)");
        good.Output.ShouldContain("application/pdf");
        good.Output.ShouldNotContain("ms-tnef");
        bad.Output.ShouldContain("its TNEF is not converted and stays as it is: an attribute is longer than what is there");
        bad.Output.ShouldContain("application/ms-tnef");
        explained.Output.ShouldContain("tnef");
        explained.Output.ShouldContain("convert");
    }

    // Memory that is never used is paid for all the same, and so is the time of loading.
    [Fact]
    public async Task What_reads_an_object_is_loaded_when_the_first_one_comes()
    {
        await using var gateway = await StartAsync();
        await SendAsync(gateway, Encoding.ASCII.GetBytes("From: anna@example.com\r\nTo: bert@partner.example\r\nSubject: plain\r\n\r\nHello\r\n"));
        var before = await File.ReadAllTextAsync($"/proc/{gateway.Id}/maps");

        await SendAsync(gateway, Mail(new TnefWriter().Note("hello").ToArray()));

        before.ShouldNotContain("MimeKit");
        before.ShouldNotContain("BouncyCastle");
        (await File.ReadAllTextAsync($"/proc/{gateway.Id}/maps")).ShouldContain("MimeKit");
    }

    private static byte[] Mail(byte[] tnef) => Encoding.ASCII.GetBytes(
        $"From: Anna <anna@example.com>\r\nTo: bert@partner.example\r\nSubject: {Guid.NewGuid():N}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n"
        + "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nhello\r\n--b\r\nContent-Type: application/ms-tnef; name=\"winmail.dat\"\r\n"
        + "Content-Transfer-Encoding: base64\r\n\r\n" + Convert.ToBase64String(tnef, Base64FormattingOptions.InsertLineBreaks) + "\r\n--b--\r\n");

    private void Configure(string form) => _home.Configure(Members.Join(
        Members.Senders, Members.Office(_home, TestPki.Issue("anna@example.com")), Members.Outbox,
        $$"""
        "rules": [{ "name": "sign", "sign": { "with": "office", "form": "{{form}}" }, "tnef": "convert" }]
        """));

    private async Task<GatewayProcess> StartAsync(string form = "clear")
    {
        Configure(form);
        return await GatewayProcess.StartAsync(_home);
    }

    private async Task<byte[]> SendAsync(GatewayProcess gateway, byte[] message)
    {
        var known = _home.OutboxMessages().Count;
        var reply = await gateway.SendAsync("anna@example.com", "bert@partner.example", message);
        reply.Code.ShouldBe(250, reply.Text + "\n" + gateway.Log);
        await Eventually.TrueAsync(() => _home.OutboxMessages().Count > known);
        var subject = Encoding.ASCII.GetString(message).Split("\r\n").First(line => line.StartsWith("Subject:", StringComparison.Ordinal));
        return _home.OutboxMessages().Single(left => Encoding.Latin1.GetString(left).Contains("\r\n" + subject + "\r\n", StringComparison.Ordinal));
    }

    private async Task ShouldVerifyAsync(byte[] signed)
    {
        foreach (var judgement in new[] { await judges.OpenSsl.JudgeAsync(signed), await judges.Gpgsm.JudgeAsync(signed), await judges.Cmsutil.JudgeAsync(signed) })
        {
            judgement.IsGood.ShouldBeTrue(judgement.Text);
        }
    }

    private async Task<List<(string Name, string Digest)>> ExtractAsync(string file)
    {
        var folder = _scratch.Path + "/" + Path.GetFileNameWithoutExtension(file);
        Directory.CreateDirectory(folder);

        // It ends with 1 where something follows the object, with everything taken out.
        await Tool.RunAsync("tnef", ["--number-backups", "--overwrite", "--ignore-checksum", "-C", folder, "-f", file]);
        return [.. Directory.GetFiles(folder).Select(name => (Path.GetFileName(name), Convert.ToHexStringLower(SHA256.HashData(WithoutInterface(File.ReadAllBytes(name))))))];
    }

    // It leaves the name of the interface before an OLE object, so that no program opens it.
    private static ReadOnlySpan<byte> WithoutInterface(byte[] file) =>
        file.Length > 20 && file.AsSpan(16, 4).SequenceEqual((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]) ? file.AsSpan(16) : file;
}
