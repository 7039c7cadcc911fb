using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using SmimeGateway.EndToEnd.Reports;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>Mail that waits for a certificate. It is tried again by itself after half an hour only, so what leaves was woken.</summary>
public sealed class HeldMailTests(ITestOutputHelper output)
{
    private const string Secret = "The price is four hundred thousand.";
    private const string Rarely = "\"queue\": { \"retry\": [\"30m\"] }";

    [Theory]
    [InlineData(100)]
    [InlineData(2_000_000)]
    public async Task It_survives_a_kill_without_a_plain_octet_on_the_disk_and_leaves_once_its_certificate_is_there(int padding)
    {
        await using var nextHop = new CollectingNextHop();
        using var home = Home(nextHop.Port);
        string id;
        await using (var before = await GatewayProcess.StartAsync(home))
        {
            id = await HoldAsync(before, padding, "bob@example.net");
            await before.KillAsync();
        }

        FilesWith(home, Secret).ShouldBeEmpty();
        FilesWith(home, "the offer").ShouldBeEmpty();
        FilesWith(home, "From: alice@example.com").ShouldNotBeEmpty("what may be seen is found");
        await using var gateway = await GatewayProcess.StartAsync(home);
        (await ListAsync(home)).Single().Id.ShouldBe(id);
        nextHop.Messages.ShouldBeEmpty();

        var certificate = TestPki.Issue("bob@example.net");
        var dropped = Stopwatch.GetTimestamp();
        Drop(home, certificate, "bob");
        var message = (await nextHop.ReceivesAsync(1)).ShouldHaveSingleItem();

        output.WriteLine($"{Stopwatch.GetElapsedTime(dropped).TotalMilliseconds:0} ms from the certificate in the folder to the message of {message.Content.Length} octets at the next hop");
        message.Recipients.ShouldBe(["bob@example.net"]);
        (await DecryptAsync(home, message.Content, TestPki.MakeKeyPem(certificate))).ShouldContain(Secret);
        await QueueSight.EmptiesAsync(home);
        gateway.Log.ShouldContain($"{id} released as ");
        FilesWith(home, Secret).ShouldBeEmpty();
    }

    [Fact]
    public async Task Those_who_have_a_certificate_get_theirs_at_once_and_each_other_when_theirs_arrives()
    {
        await using var nextHop = new CollectingNextHop();
        using var home = Home(nextHop.Port);
        var bob = TestPki.Issue("bob@example.net");
        Drop(home, bob, "bob");
        await using var gateway = await GatewayProcess.StartAsync(home);

        await HoldAsync(gateway, 100, "bob@example.net", "carol@example.net", "dave@example.net");

        (await nextHop.ReceivesAsync(1)).Single().Recipients.ShouldBe(["bob@example.net"]);
        (await ListAsync(home)).Single().Recipients.ShouldBe(["carol@example.net", "dave@example.net"]);
        Drop(home, TestPki.Issue("dave@example.net"), "dave");
        (await nextHop.ReceivesAsync(2))[^1].Recipients.ShouldBe(["dave@example.net"]);
        await Eventually.TrueAsync(async () => (await ListAsync(home)) is [{ State: "waiting", Recipients: ["carol@example.net"] }]);
    }

    [Fact]
    public async Task A_reload_that_leads_to_a_certificate_releases_it_and_one_that_would_send_it_in_plain_text_does_not()
    {
        await using var nextHop = new CollectingNextHop();
        using var home = Home(nextHop.Port);
        Drop(home, TestPki.Issue("bob@example.net"), "bob", "others");
        await using var gateway = await GatewayProcess.StartAsync(home);
        var id = await HoldAsync(gateway, 100, "bob@example.net");

        home.Configure(Configuration(nextHop.Port, rule: "\"pass\": true"));
        await gateway.LogsAsync("by which it could leave");
        await Eventually.TrueAsync(async () => (await ListAsync(home)) is [{ State: "waiting" }]);
        nextHop.Messages.ShouldBeEmpty();

        home.Configure(Configuration(nextHop.Port, rule: Encrypting("others")));
        var message = (await nextHop.ReceivesAsync(1)).Single();

        Encoding.Latin1.GetString(message.Content).ShouldNotContain(Secret);
        gateway.Log.ShouldContain($"{id} released as ");
    }

    [Fact]
    public async Task An_administrator_sees_it_holds_it_releases_it_and_opens_it_with_openssl()
    {
        await using var nextHop = new CollectingNextHop();
        using var home = Home(nextHop.Port);
        await using var gateway = await GatewayProcess.StartAsync(home);
        var id = await HoldAsync(gateway, 100, "bob@example.net");
        await Eventually.TrueAsync(async () => (await ListAsync(home)) is [{ State: "waiting" }]);

        (await CommandAsync(home, 0, "list", "--state", "waiting")).ShouldContain("waits for a certificate, looks again in ");
        (await CommandAsync(home, 0, "list")).ShouldContain("4.7.5 Held: no certificate to encrypt to: partners");
        var shown = await CommandAsync(home, 0, "show", id);
        shown.ShouldContain("From: alice@example.com");
        shown.ShouldNotContain("the offer");
        (await CommandAsync(home, 1, "release", id)).ShouldContain($"{id} waits for a certificate of its recipients, and leaves once there is one");

        await CommandAsync(home, 0, "export", id, "held.eml");
        await Tool.MustAsync("openssl", ["cms", "-decrypt", "-in", "held.eml", "-inkey", home.DataFolder + "/hold/hold.pem", "-out", "opened.eml"], folder: home.Folder);
        var original = await Tool.MustAsync("sed", ["1,/^\r$/d", "opened.eml"], folder: home.Folder);
        original.Output.ShouldStartWith("Received: ");
        original.Output.ShouldContain("Subject: the offer");
        original.Output.ShouldContain(Secret);

        await CommandAsync(home, 0, "hold", id);
        await SendAsync(gateway, 100, "dave@example.net");
        Drop(home, TestPki.Issue("bob@example.net"), "bob");
        Drop(home, TestPki.Issue("dave@example.net"), "dave");
        (await nextHop.ReceivesAsync(1)).Single().Recipients.ShouldBe(["dave@example.net"]);
        await CommandAsync(home, 0, "release", id);
        await CommandAsync(home, 0, "retry", id);
        (await nextHop.ReceivesAsync(2))[^1].Recipients.ShouldBe(["bob@example.net"]);
    }

    [Fact]
    public async Task Removed_it_is_gone_and_only_sealed_messages_are_given_away()
    {
        await using var nextHop = new CollectingNextHop { ReplyToRecipient = _ => "450 4.2.1 later" };
        using var home = Home(nextHop.Port);
        Drop(home, TestPki.Issue("carol@example.net"), "carol");
        await using var gateway = await GatewayProcess.StartAsync(home);
        var id = await HoldAsync(gateway, 100, "bob@example.net", "carol@example.net");
        await Eventually.TrueAsync(async () => (await ListAsync(home)) is [{ State: "deferred" }, _] or [_, { State: "deferred" }]);

        var encrypted = (await ListAsync(home)).Single(message => message.State == "deferred").Id;
        await CommandAsync(home, 2, "export", encrypted, "encrypted.eml");
        await CommandAsync(home, 1, "export", "NOSUCHMESSAGE", "none.eml");
        Directory.GetFiles(home.Folder, "*.eml").ShouldBeEmpty();
        await CommandAsync(home, 0, "remove", id);

        (await ListAsync(home)).Single().Id.ShouldBe(encrypted);
    }

    [Fact]
    public async Task When_the_time_is_over_its_sender_hears_that_no_certificate_appeared_and_gets_nothing_of_it()
    {
        await using var nextHop = new CollectingNextHop();
        using var home = Home(nextHop.Port, "\"queue\": { \"retry\": [\"1s\"], \"giveUpAfter\": \"2s\" }");
        await using var gateway = await GatewayProcess.StartAsync(home);

        // Not asked for in the queue: on a slow machine its time is over before the answer.
        await SendAsync(gateway, 100, "bob@example.net");

        var report = (await nextHop.ReceivesAsync(1)).ShouldHaveSingleItem();
        report.Recipients.ShouldBe(["alice@example.com"]);
        var text = Encoding.Latin1.GetString(report.Content);
        text.ShouldContain("Subject: Undelivered mail returned to sender: no certificate to encrypt to");
        text.ShouldContain("Status: 5.7.5");
        text.ShouldNotContain(Secret);
        text.ShouldNotContain("the offer");
        await QueueSight.EmptiesAsync(home);
    }

    private static GatewayHome Home(int port, string queue = Rarely)
    {
        var home = new GatewayHome();
        Directory.CreateDirectory(home.Folder + "/partners");
        Directory.CreateDirectory(home.Folder + "/others");
        return home.Configure(Configuration(port, Encrypting("partners"), queue));
    }

    private static string Configuration(int port, string rule, string queue = Rarely) => Members.Join(
        Members.Senders,
        """
        "certificates": { "partners": [{ "name": "partners", "folder": "partners", "accept": "all" }, { "name": "others", "folder": "others", "accept": "all" }] }
        """,
        $$"""
        "rules": [{ "name": "bounces pass", "when": { "sender": "<>" }, "pass": true }, { "name": "confidential", "when": { "sender": "*" }, {{rule}} }]
        """,
        $$"""
        "routes": [{ "recipients": ["*"], "hosts": ["127.0.0.1:{{port}}"] }]
        """,
        queue);

    private static string Encrypting(string source) =>
        $$"""
        "encrypt": { "to": ["{{source}}"], "protectHeaders": true, "whenMissing": "hold" }
        """;

    /// <summary>Sends a message that is held for somebody, and returns the id under which it is.</summary>
    private static async Task<string> HoldAsync(GatewayProcess gateway, int padding, params string[] recipients)
    {
        await SendAsync(gateway, padding, recipients);
        return (await ListAsync(gateway.Home)).Single(listed => listed.Protection == "held").Id;
    }

    private static async Task SendAsync(GatewayProcess gateway, int padding, params string[] recipients)
    {
        var body = string.Concat(Enumerable.Repeat("seventy characters of text that nobody but the recipients may read..\n", padding / 70));
        var message = Lines.Crlf($"From: alice@example.com\nTo: {string.Join(", ", recipients)}\nSubject: the offer\n\n{Secret}\n{body}");
        await using var dialog = await gateway.DialogAsync();
        var reply = await dialog.SendAsync("alice@example.com", recipients, message, " RET=FULL");
        reply.Code.ShouldBe(250, reply.Text);
    }

    private static void Drop(GatewayHome home, X509Certificate2 certificate, string name, string folder = "partners") =>
        File.WriteAllText($"{home.Folder}/{folder}/{name}.pem", TestPki.MakeCertificatePem(certificate));

    private static async Task<string> DecryptAsync(GatewayHome home, byte[] message, string keyPem)
    {
        await File.WriteAllBytesAsync(home.Folder + "/received.eml", message);
        home.Write("recipient.key", keyPem);
        await Tool.MustAsync("openssl", ["cms", "-decrypt", "-in", "received.eml", "-inkey", "recipient.key", "-out", "received.txt"], folder: home.Folder);
        return await File.ReadAllTextAsync(home.Folder + "/received.txt");
    }

    private static async Task<IReadOnlyList<Listed>> ListAsync(GatewayHome home)
    {
        var run = await GatewayProcess.CommandAsync(home, "queue", "list", "--json");
        using var json = JsonDocument.Parse(run.Output);
        return [.. json.RootElement.GetProperty("messages").EnumerateArray().Select(message => new Listed(
            message.GetProperty("id").GetString()!,
            message.GetProperty("state").GetString()!,
            message.GetProperty("protection").GetString()!,
            [.. message.GetProperty("recipients").EnumerateArray().Select(recipient => recipient.GetProperty("address").GetString()!)]))];
    }

    private static async Task<string> CommandAsync(GatewayHome home, int exitCode, params string[] arguments)
    {
        var run = await GatewayProcess.CommandAsync(home, ["queue", .. arguments]);
        run.ExitCode.ShouldBe(exitCode, run.Text);
        return run.Text;
    }

    /// <summary>The files below the data folder that hold a text, as it is or in base64 of any alignment.</summary>
    private static IEnumerable<string> FilesWith(GatewayHome home, string text)
    {
        var traces = Enumerable.Range(0, 3).Select(shift => Convert.ToBase64String(Encoding.ASCII.GetBytes(text[shift..(text.Length - ((text.Length - shift) % 3))])))
            .Append(text).Select(Encoding.ASCII.GetBytes).ToList();
        return Directory.EnumerateFiles(home.DataFolder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) is not ("admin.sock" or "lock"))
            .Where(file => traces.Any(trace => ReadShared(file).AsSpan().IndexOf(trace) >= 0));
    }

    private static byte[] ReadShared(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray();
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }

    private sealed record Listed(string Id, string State, string Protection, IReadOnlyList<string> Recipients);
}
