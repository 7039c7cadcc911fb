using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using MimeKit;
using MimeKit.Cryptography;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>What domains sign, behind a real Postfix, judged by dkimpy and MimeKit with the records that the gateway prints.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DkimTests
{
    private const string Bob = "bob@example.net";

    [PostfixFact]
    public async Task Clear_opaque_encrypted_triple_and_passing_mail_verifies_behind_a_postfix()
    {
        await using var sink = new CollectingNextHop();
        await using var postfix = await PostfixInstance.StartAsync(sink.Port);
        using var home = new GatewayHome();
        await MakeKeysAsync(home);
        Configure(home, postfix.Port, "\"subdomains\": true, \"mail\": \"all\"");
        await using var gateway = await GatewayProcess.StartAsync(home);
        var subjects = new[] { "clear", "opaque", "encrypted", "both", "triple", "hidden", "passes" };

        foreach (var subject in subjects)
        {
            var reply = await gateway.SendAsync("alice@example.com", Bob, Message(subject));
            reply.Code.ShouldBe(250, $"{subject}: {reply.Text}\n{gateway.Log}");
        }

        var received = await sink.ReceivesAsync(subjects.Length);
        var records = await RecordsAsync(home);
        var messages = received.Select(message => message.Content).ToList();
        (await DkimJudges.DkimpyAsync(records, messages)).ShouldAllBe(verdicts => verdicts.SequenceEqual(new[] { "good", "good" }));
        foreach (var message in messages)
        {
            (await DkimJudges.MimeKitAsync(records, message)).ShouldBe(["good", "good"], Encoding.Latin1.GetString(message));
        }

        (await Tool.MustAsync("openssl", ["cms", "-verify", "-purpose", "any", "-CAfile", home.Write("root.pem", TestPki.MakeCertificatePem(TestPki.Root))], messages.Single(message => Encoding.Latin1.GetString(message).Contains("Subject: clear", StringComparison.Ordinal)))).ExitCode.ShouldBe(0);
    }

    [PostfixFact]
    public async Task A_signature_of_the_server_before_the_gateway_is_intact_behind_it_where_nothing_was_changed()
    {
        await using var sink = new CollectingNextHop();
        await using var postfix = await PostfixInstance.StartAsync(sink.Port);
        using var home = new GatewayHome();
        await MakeKeysAsync(home);
        Configure(home, postfix.Port, "\"brokenSignatures\": \"remove\"");
        await using var gateway = await GatewayProcess.StartAsync(home);

        foreach (var subject in new[] { "passes", "clear" })
        {
            (await gateway.SendAsync("alice@example.com", Bob, SignedByMimeKit(home, Message(subject)))).Code.ShouldBe(250);
        }

        var received = await sink.ReceivesAsync(2);
        var records = await RecordsAsync(home);
        records["mta._domainkey.example.com"] = records["s1._domainkey.example.com"];
        var passed = received.Single(message => Encoding.Latin1.GetString(message.Content).Contains("Subject: passes", StringComparison.Ordinal)).Content;
        var changed = received.Single(message => message.Content != passed).Content;
        (await DkimJudges.DkimpyAsync(records, [passed, changed])).ShouldBe([["good"], ["good", "good"]]);
        Encoding.Latin1.GetString(passed).ShouldContain("s=mta");
        Encoding.Latin1.GetString(changed).ShouldNotContain("s=mta");
        gateway.Log.ShouldContain("the DKIM signature of example.com (mta) that it came with does not fit what leaves, and is taken out");
    }

    [Fact]
    public async Task The_curve_is_loaded_with_the_first_key_that_needs_it_and_never_without_one()
    {
        (await LoadedAsync("")).ShouldBeFalse("without DKIM");
        (await LoadedAsync(Entry("s1"))).ShouldBeFalse("with RSA");
        (await LoadedAsync(Entry("e1"))).ShouldBeTrue("with Ed25519");
    }

    [Fact]
    public async Task Commands_and_the_log_tell_what_is_signed_and_by_what()
    {
        using var home = new GatewayHome();
        await MakeKeysAsync(home);
        home.Configure(Members.Join(
            Members.Senders, Members.Office(home, TestPki.Issue("alice@example.com")), Members.Outbox, Members.SignAll(), $"\"dkim\": [{Entry("s1")}, {Entry("e1")}]"));

        var test = await GatewayProcess.CommandAsync(home, "test", "--from", "alice@example.com", "--to", Bob);
        var explain = await GatewayProcess.CommandAsync(home, "explain", "--from", "alice@example.com", "--to", Bob);
        var stranger = await GatewayProcess.CommandAsync(home, "explain", "--from", "alice@other.example", "--to", Bob);
        var check = await GatewayProcess.CommandAsync(home, "check");
        await using var gateway = await GatewayProcess.StartAsync(home);
        (await gateway.SendAsync("alice@example.com", Bob, Message("clear"))).Code.ShouldBe(250);
        var status = await GatewayProcess.CommandAsync(home, "status");

        test.ExitCode.ShouldBe(0, test.Text);
        test.Output.ShouldContain("DKIM: signed by example.com (s1), example.com (e1), read back and verified");
        test.Output.ShouldContain("signed by example.com, selector e1, ed25519-sha256, fields From:From:");
        explain.Output.ShouldContain("DKIM: signed by example.com (s1) with rsa-sha256, example.com (e1) with ed25519-sha256");
        stranger.Output.ShouldContain("DKIM: no domain signs it: ");
        check.Output.ShouldContain("dkim[0]: example.com (s1)");
        status.Output.ShouldContain("1 signed by a domain (DKIM)");
        status.Output.ShouldContain("example.com, selector e1, Ed25519, signs changed mail");
        gateway.Log.ShouldContain("DKIM of example.com (s1), example.com (e1)");
    }

    [Fact]
    public async Task Mail_waits_for_a_key_that_went_away_and_goes_when_it_is_back()
    {
        using var home = new GatewayHome();
        await MakeKeysAsync(home);
        var key = await File.ReadAllTextAsync(home.Folder + "/s1.pem");
        home.Configure(Members.Join(
            Members.Senders, Members.Office(home, TestPki.Issue("alice@example.com")), Members.Outbox, Members.SignAll(), $"\"dkim\": [{Entry("s1")}]"));
        await using var gateway = await GatewayProcess.StartAsync(home);
        File.Delete(home.Folder + "/s1.pem");
        await Eventually.TrueAsync(async () => (await gateway.SendAsync("alice@example.com", Bob, Message("clear"))).Text.StartsWith("451 4.4.3", StringComparison.Ordinal));
        (await GatewayProcess.CommandAsync(home, "status")).Output.ShouldContain("the file does not exist. Mail that it is to sign waits (451 4.4.3)");

        home.Write("s1.pem", key);

        await Eventually.TrueAsync(async () => (await gateway.SendAsync("alice@example.com", Bob, Message("clear"))).Code == 250);
        home.OutboxMessages().ShouldAllBe(message => Encoding.Latin1.GetString(message).Contains("DKIM-Signature: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_commands_of_the_page_make_the_keys_that_its_entries_name()
    {
        using var home = new GatewayHome();
        var blocks = (await File.ReadAllTextAsync(Repository.Root + "/docs/dkim.md")).Split("```");
        var entries = blocks.First(block => block.StartsWith("jsonc\n", StringComparison.Ordinal))["jsonc\n".Length..];
        var commands = blocks.First(block => block.Contains("dkim keygen", StringComparison.Ordinal)).Split('\n').Where(line => line.StartsWith("$ ", StringComparison.Ordinal)).Select(line => line[2..]).ToList();
        home.Configure(Members.Join(Members.Senders, Members.Office(home, TestPki.Issue("alice@example.com")), Members.Outbox, Members.SignAll(), entries));
        Directory.CreateDirectory(home.Folder + "/config");
        File.Move(home.ConfigurationFile, home.Folder + "/config/smimegateway.json");

        var run = await Tool.RunAsync(
            "bash", ["-c", $"set -e; smimegateway() {{ '{Repository.GatewayExecutable}' \"$@\"; }}; cd '{home.Folder}'\n{string.Join('\n', commands)}"]);

        run.ExitCode.ShouldBe(0, run.Text);
        run.Output.ShouldContain("s1._domainkey.example.com. IN TXT ( \"v=DKIM1; k=rsa; p=");
        run.Output.ShouldContain("e1._domainkey.example.com. IN TXT ( \"v=DKIM1; k=ed25519; p=");
    }

    private static byte[] Message(string subject) => Lines.Crlf($"""
        From: Alice <alice@example.com>
        To: Bob <{Bob}>
        Subject: {subject}
        Date: Fri, 20 Nov 2026 12:00:00 +0000
        Message-ID: <{subject}@client.example.com>

        Two  blanks, a trailing one 
        .
        From the beginning



        """);

    private static string Entry(string selector, string further = "") =>
        $$"""{ "domain": "example.com", "selector": "{{selector}}", "key": { "file": "{{selector}}.pem" }{{(further.Length > 0 ? ", " + further : "")}} }""";

    private static async Task MakeKeysAsync(GatewayHome home)
    {
        foreach (var (file, kind) in new[] { ("s1.pem", "rsa:2048"), ("e1.pem", "ed25519") })
        {
            var run = await GatewayProcess.CommandAsync(home, "dkim", "keygen", $"{home.Folder}/{file}", "--key", kind);
            run.ExitCode.ShouldBe(0, run.Text);
            File.GetUnixFileMode($"{home.Folder}/{file}").ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            (await GatewayProcess.CommandAsync(home, "dkim", "keygen", $"{home.Folder}/{file}", "--key", kind)).ExitCode.ShouldBe(1, "there is one already");
        }
    }

    private static void Configure(GatewayHome home, int port, string further)
    {
        const string Sign = "\"sign\": { \"with\": \"office\" }", Encrypt = "\"encrypt\": { \"to\": \"partners\" }";
        var rules = new Dictionary<string, string>
        {
            ["clear"] = Sign,
            ["opaque"] = "\"sign\": { \"with\": \"office\", \"form\": \"opaque\" }",
            ["encrypted"] = Encrypt,
            ["both"] = $"{Sign}, {Encrypt}",
            ["triple"] = $"{Sign}, {Encrypt}, \"wrap\": \"triple\"",
            ["hidden"] = $"{Sign}, \"encrypt\": {{ \"to\": \"partners\", \"protectHeaders\": true }}",
        };
        home.Configure(Members.Join(
            Members.Senders,
            Members.OfficeAndPartners(home, TestPki.Issue("alice@example.com"), TestPki.Issue(Bob)),
            Members.Relay(port),
            $"\"dkim\": [{Entry("s1", further)}, {Entry("e1", further)}]",
            $"\"rules\": [{string.Join(",\n", rules.Select(rule => $$"""{ "name": "{{rule.Key}}", "when": { "subject": "{{rule.Key}}" }, {{rule.Value}} }"""))}]"));
    }

    private static async Task<Dictionary<string, string>> RecordsAsync(GatewayHome home)
    {
        var run = await GatewayProcess.CommandAsync(home, "dkim", "record", "--json");
        run.ExitCode.ShouldBe(0, run.Text);
        using var records = JsonDocument.Parse(run.Output);
        return records.RootElement.EnumerateArray().ToDictionary(record => record.GetProperty("name").GetString()!, record => record.GetProperty("text").GetString()!);
    }

    private static byte[] SignedByMimeKit(GatewayHome home, byte[] message)
    {
        using var input = new MemoryStream(message);
        using var read = MimeMessage.Load(input);
        var signer = new DkimSigner(home.Folder + "/s1.pem", "example.com", "mta")
        {
            HeaderCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Simple,
            BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Simple,
        };
        signer.Sign(read, [HeaderId.From, HeaderId.To, HeaderId.Subject, HeaderId.Date]);
        using var output = new MemoryStream();
        read.WriteTo(output);
        return Lines.Crlf(Encoding.Latin1.GetString(output.ToArray()).ReplaceLineEndings("\n"));
    }

    private static async Task<bool> LoadedAsync(string entry)
    {
        using var home = new GatewayHome();
        await MakeKeysAsync(home);
        home.Configure(Members.Join(
            Members.Senders, Members.Office(home, TestPki.Issue("alice@example.com")), Members.Outbox, Members.SignAll(), entry.Length == 0 ? "\"otherwise\": \"pass\"" : $"\"dkim\": [{entry}]"));
        await using var gateway = await GatewayProcess.StartAsync(home);
        (await gateway.SendAsync("alice@example.com", Bob, Message("clear"))).Code.ShouldBe(250);
        return (await File.ReadAllTextAsync($"/proc/{gateway.Id}/maps")).Contains("BouncyCastle", StringComparison.Ordinal);
    }
}
