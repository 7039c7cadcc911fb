using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>What administrators get wrong, and what they read about it: the true file, the remedy, and no stack trace; from <c>check</c> first.</summary>
public sealed class MistakesTests : IDisposable
{
    private static readonly Dictionary<string, Mistake> All = new Mistake[]
    {
        new("a port that another program has", home => { home.Other = new TcpListener(IPAddress.Loopback, home.Home.Port); home.Other.Start(); })
        {
            Check = "another program has the port", Start = "listener \"internal\" cannot listen on 127.0.0.1:{port}: another program has the port",
        },
        new("an address of another machine", home => home.Configure(listeners: "{ \"name\": \"internal\", \"endpoint\": \"192.0.2.1:2525\" }"))
        {
            Check = "this machine has no such address. Name one of its own, or 0.0.0.0 for all.", Start = "this machine has no such address. Name one of its own",
        },
        new("two listeners of one port", home => home.Configure(listeners: $$"""{ "name": "a", "endpoint": "0.0.0.0:{{home.Home.Port}}" }, { "name": "b", "endpoint": "127.0.0.1:{{home.Home.Port}}" }"""))
        {
            Check = "listener \"a\" before it has the port already", Start = "Give each listener an address or a port of its own",
        },
        new("a folder in the place of the admin socket", home => home.Configure("\"admin\": { \"socket\": \".\" }"))
        {
            Check = "admin.socket: {var}: A folder stands where the file should be", Start = "admin.socket: {var}: A folder stands where the file should be. Name a file in it",
        },
        new("a file in the place of the admin socket", home => home.Home.Write("var/admin.sock", "precious"))
        {
            Check = "admin.socket: {var}/admin.sock: A file of that name is there that is no socket. Name another path.", Start = "that is no socket. Name another path.",
        },
        new("a file in the place of the queue", home => home.Home.Write("var/queue", ""))
        {
            Check = "queue.disk: {var}/queue: A file stands where the folder should be. Remove it", Start = "queue.disk: {var}/queue: A file stands where the folder should be. Remove it",
        },
        new("PEM named as PKCS #12", home => { home.Home.Write("office.pfx", TestPki.MakeCertificatePem(TestPki.Public(Alice))); home.Configure(own: "\"pkcs12\": \"office.pfx\""); })
        {
            Check = "office.pfx: it is a PEM file, and no PKCS #12 file. Name it with \"pem\" in the place of \"pkcs12\"",
        },
        new("PKCS #12 named as PEM", home => { home.Office(); home.Configure(own: "\"pem\": { \"certificate\": \"office.pfx\" }"); })
        {
            Check = "office.pfx: it is no PEM file, but a binary one. A PKCS #12 file is named with \"pkcs12\"",
        },
        new("the key of another certificate", home =>
        {
            home.Home.Write("office.pem", TestPki.MakeCertificatePem(TestPki.Public(Alice)));
            home.Home.Write("office.key", TestPki.MakeKeyPem(TestPki.IssueFor(["bob@example.com"], keyOwner: "bob")));
            home.Configure(own: "\"pem\": { \"certificate\": \"office.pem\", \"key\": \"office.key\" }");
        })
        {
            Check = "office.key: ",
        },
        new("a password that is not named", home => { home.Office(); home.Configure(own: "\"pkcs12\": \"office.pfx\""); })
        {
            Check = "office.pfx: it needs a password. Name it: \"password\": { \"file\": \"FILE\" }",
        },
        new("a password file that is empty", home => { home.Office(); home.Home.Write("office.password", "\n"); home.Configure(own: home.Named); })
        {
            Check = "office.password is empty. Put the password there",
        },
        new("a password file that is not there", home => { home.Office(); File.Delete(home.Home.Folder + "/office.password"); home.Configure(own: home.Named); })
        {
            Check = "the password file {home}/office.password does not exist. Put the password there",
        },
        new("a wrong password", home => { home.Office(); home.Home.Write("office.password", "wrong\n"); home.Configure(own: home.Named); })
        {
            Check = "office.pfx: the password is wrong. Check the password that is configured for the file",
        },
        new("the dollar of a shell before a variable", home => home.Configure(own: "\"pkcs12\": \"office.pfx\", \"password\": { \"env\": \"$OFFICE\" }"))
        {
            Check = "no environment variable has it in its name. Write the name alone: \"OFFICE\"", Start = "Write the name alone: \"OFFICE\"",
        },
        new("a variable that is not set", home => { home.Office(); home.Configure(own: "\"pkcs12\": \"office.pfx\", \"password\": { \"env\": \"NO_SUCH_PASSWORD\" }"); })
        {
            Check = "the environment variable NO_SUCH_PASSWORD, which holds the password, is not set. Set it for the service, and restart it",
        },
        new("a key for held mail that is lost", home => { Directory.CreateDirectory(home.Home.DataFolder + "/hold"); home.Configure(rules: Holding); })
        {
            Check = "{var}/hold/hold.pem is gone, and with it whatever opens the messages that are held. Put it back from a backup",
        },
        new("a key for held mail that is emptied", home => { home.Home.Write("var/hold/hold.pem", ""); home.Configure(rules: Holding); })
        {
            Check = "{var}/hold/hold.pem cannot be used to seal messages: it holds neither a certificate nor a key. Put the key back from a backup",
        },
        new("a key that is too short", home => { home.Office(Short()); home.Configure(own: home.Named); })
        {
            Check = "Its key, RSA 1024, is too short for today", IsWarning = true,
        },
        new("a rule for clients that no listener lets in", home => home.Configure(rules: "{ \"name\": \"far\", \"when\": { \"client\": [\"10.0.0.0/8\"] }, \"pass\": true }"))
        {
            Check = "the rule never applies, because no listener lets clients of these networks in", IsWarning = true,
        },
        new("a route to the gateway itself", home => home.Configure(routes: $"\"hosts\": [\"127.0.0.1:{home.Home.Port}\"]"))
        {
            Check = "It is listener \"internal\" of this gateway: its mail goes round until it is refused as a loop (554 5.4.6). Name the server behind the gateway.", IsWarning = true,
        },
        new("a next hop that has no address", home => home.Configure(routes: "\"hosts\": [\"no-such-host.invalid:25\"]"))
        {
            Check = "next hop no-such-host.invalid:25", Log = "next hop no-such-host.invalid:25: The name cannot be resolved: ",
        },
        new("a password of a next hop that is not there", home => home.Configure(routes: "\"hosts\": [\"127.0.0.1:9\"], \"tls\": \"required\", \"authentication\": { \"user\": \"me\", \"password\": { \"file\": \"gone\" } }"))
        {
            Check = "routes[0].authentication.password: The password file {home}/gone does not exist. Put the password there",
            Log = "routes[0].authentication.password: The password file {home}/gone does not exist. Put the password there",
        },
        new("a certificate of a listener that needs a password", home => { home.Office(); home.Configure(listeners: home.Secured("\"certificate\": \"office.pfx\"")); })
        {
            Check = "listener \"internal\": {home}/office.pfx: it needs a password. Name it: \"password\": { \"file\": \"FILE\" }. Until then handshakes fail.",
            Log = "listener \"internal\": {home}/office.pfx: it needs a password. Name it: \"password\": { \"file\": \"FILE\" }. Until then handshakes fail",
        },
        new("a certificate of a listener that is not there", home => home.Configure(listeners: home.Secured("\"certificate\": \"gone.pem\"")))
        {
            Check = "listener \"internal\": {home}/gone.pem: the file does not exist. Put it there, or correct the path. Until then handshakes fail.",
            Log = "listener \"internal\": {home}/gone.pem: the file does not exist. Put it there, or correct the path. Until then handshakes fail",
        },
        new("a queue that everybody may enter", home => home.OpenToAll(home.Home.DataFolder + "/queue"))
        {
            Check = "queue.disk: {var}/queue: It is open to others (mode 777), and mail lies in it.", IsWarning = true, Log = "was open to others (mode 777)",
        },
        new("a log in a place of the system's own", home => home.Replace("logs/smimegateway-.log", "/proc/gateway-.log"))
        {
            Check = "log.file: /proc: It cannot be written: the system lets nobody make files there.", IsWarning = true, Log = "The log goes to the console alone. log.file: /proc: It cannot be written: ",
        },
        new("a key that is misspelt", home => home.Configure("\"$shema\": \"smimegateway.schema.json\""))
        {
            Check = "this key is not known. Did you mean \"$schema\"?", Start = "this key is not known. Did you mean \"$schema\"?",
        },
        new("a folder of partners without anybody", home => { Directory.CreateDirectory(home.Home.Folder + "/partners"); home.Configure(partners: "{ \"name\": \"folder\", \"folder\": \"partners\" }"); })
        {
            Check = "There is no certificate, so that nobody can be encrypted to by it. \"smimegateway cert import FILE\" puts one there.", IsWarning = true,
        },
        new("a certificate of somebody among the roots", home => { home.Home.Write("roots/alice.pem", TestPki.MakeCertificatePem(TestPki.Public(Alice))); home.Configure(roots: "\"roots\""); })
        {
            Check = "is no authority, and vouches for nobody. Put the certificate of its issuer there", IsWarning = true,
        },
    }.ToDictionary(mistake => mistake.Name);

    private const string Holding =
        "{ \"name\": \"hold\", \"encrypt\": { \"to\": [\"folder\"], \"whenMissing\": \"hold\" } }";

    private readonly MistakenHome _home = new();

    public static TheoryData<string> Names => [.. All.Keys];

    private static X509Certificate2 Alice => TestPki.Issue("alice@example.com");

    private static X509Certificate2 Short()
    {
        using var key = RSA.Create(1024);
        var request = new CertificateRequest("CN=Alice", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(TestPki.MakeAlternativeName("alice@example.com"));
        return request.CreateSelfSigned(TestPki.NotBefore, TestPki.NotAfter);
    }

    public void Dispose() => _home.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_mistake_is_told_with_its_place_and_its_remedy(string name)
    {
        var mistake = All[name];
        _home.Configure();
        mistake.Make(_home);

        var check = await GatewayProcess.CommandAsync(_home.Home, "check", "--json");

        using var answer = JsonDocument.Parse(check.Output);
        var findings = answer.RootElement.GetProperty("findings").EnumerateArray()
            .Where(finding => finding.GetProperty("severity").GetString() != "good")
            .Select(finding => $"{finding.GetProperty("subject").GetString()}: {finding.GetProperty("text").GetString()}");
        string.Join('\n', findings).ShouldContain(_home.Fill(mistake.Check), Case.Sensitive);
        check.ExitCode.ShouldBe(mistake.IsWarning ? 0 : mistake.Start is null ? 1 : 2, check.Text);
        check.Text.ShouldNotContain("   at ");
        SentenceFlaws.In(string.Join('\n', findings)).ShouldBeEmpty();
        if (mistake.Start is not null)
        {
            await using var failing = GatewayProcess.Launch(_home.Home);
            (await failing.ExitAsync()).ShouldBe(2, failing.Log);
            failing.Log.ShouldContain(_home.Fill(mistake.Start));
            failing.Log.ShouldNotContain("   at ");
            SentenceFlaws.In(failing.Log).ShouldBeEmpty();
        }

        if (mistake.Log is not null)
        {
            await using var gateway = await GatewayProcess.StartAsync(_home.Home);
            await gateway.LogsAsync(_home.Fill(mistake.Log));
            SentenceFlaws.In(gateway.Log).ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("explain")]
    [InlineData("test")]
    public async Task A_listener_that_does_not_exist_is_asked_about_in_vain(string command)
    {
        _home.Configure();

        var run = await GatewayProcess.CommandAsync(_home.Home, command, "--from", "alice@example.com", "--to", "bob@example.net", "--listener", "nowhere");

        run.ExitCode.ShouldBe(2);
        run.Errors.ShouldContain("There is no listener \"nowhere\". There are: internal.");
    }

    [Theory]
    [InlineData("check")]
    [InlineData("run")]
    [InlineData("explain", "--from", "alice@example.com", "--to", "bob@example.net")]
    [InlineData("test", "--from", "alice@example.com", "--to", "bob@example.net")]
    [InlineData("cert", "list")]
    [InlineData("cert", "issue", "alice@example.com")]
    [InlineData("directory", "list")]
    [InlineData("user", "list")]
    [InlineData("status")]
    [InlineData("health")]
    [InlineData("queue", "list")]
    [InlineData("log", "level")]
    public async Task A_configuration_that_cannot_be_used_is_exit_code_2_of_every_command(params string[] command)
    {
        _home.Configure("\"nonsense\": 1");
        (await GatewayProcess.CommandAsync(_home.Home, command)).ExitCode.ShouldBe(2);

        File.Delete(_home.Home.ConfigurationFile);
        var missing = await GatewayProcess.CommandAsync(_home.Home, command);
        missing.ExitCode.ShouldBe(2, missing.Text);
        missing.Text.ShouldNotContain("   at ");
        SentenceFlaws.In(missing.Text).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_that_a_rule_would_sign_and_nobody_can_is_no_success_of_a_test()
    {
        _home.Office();
        _home.Configure(own: _home.Named, rules: "{ \"name\": \"sign\", \"sign\": { \"with\": [\"office\"] } }");

        var run = await GatewayProcess.CommandAsync(_home.Home, "test", "--from", "nobody@example.com", "--to", "bob@example.net");

        run.ExitCode.ShouldBe(1, run.Text);
        run.Output.ShouldContain("UNSIGNED");
        run.Output.ShouldNotContain("PassedUnsigned");
    }

    [Fact]
    public async Task Warnings_of_the_configuration_are_told_by_check_and_not_by_every_command()
    {
        _home.Configure(rules: "{ \"name\": \"all\", \"pass\": true }, { \"name\": \"never\", \"pass\": true }");

        (await GatewayProcess.CommandAsync(_home.Home, "check")).Text.ShouldContain("the rule never applies");
        (await GatewayProcess.CommandAsync(_home.Home, "explain", "--from", "alice@example.com", "--to", "bob@example.net")).Text.ShouldNotContain("never applies");
    }

    private sealed record Mistake(string Name, Action<MistakenHome> Make)
    {
        public required string Check { get; init; }

        public string? Start { get; init; }

        /// <summary>What is read in the log of a start that goes on.</summary>
        public string? Log { get; init; }

        public bool IsWarning { get; init; }
    }

    private sealed class MistakenHome : IDisposable
    {
        public GatewayHome Home { get; } = new();

        public TcpListener? Other { get; set; }

        public string Named => "\"pkcs12\": \"office.pfx\", \"password\": { \"file\": \"office.password\" }";

        public void Configure(
            string? further = null,
            string? listeners = null,
            string? own = null,
            string rules = "",
            string routes = "\"folder\": \"outbox\"",
            string? partners = null,
            string roots = "")
        {
            Directory.CreateDirectory(Home.DataFolder);
            var folder = rules.Contains("folder", StringComparison.Ordinal) ? "{ \"name\": \"folder\", \"folder\": \"partners\" }" : "";
            Home.Configure(
                Members.Join(
                    [
                        Members.Senders,
                        $"\"rules\": [{rules}]",
                        $"\"routes\": [{{ \"recipients\": [\"*\"], {routes} }}]",
                        $"\"certificates\": {{ \"own\": [{(own is null ? "" : $"{{ \"name\": \"office\", {own} }}")}], \"partners\": [{partners ?? folder}]{(roots.Length == 0 ? "" : $", \"trust\": {{ \"roots\": [{roots}] }}")} }}",
                        .. further is null ? Array.Empty<string>() : [further],
                    ]),
                listeners: listeners);
        }

        public string Secured(string tls) => $$"""{ "name": "internal", "endpoint": "127.0.0.1:{{Home.Port}}", "tls": { "mode": "offered", {{tls}} } }""";

        public void Replace(string text, string other) => File.WriteAllText(
            Home.ConfigurationFile, File.ReadAllText(Home.ConfigurationFile).Replace(text, other, StringComparison.Ordinal));

        public void OpenToAll(string folder)
        {
            Directory.CreateDirectory(folder);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
            }
        }

        public void Office(X509Certificate2? certificate = null) => Members.Office(Home, certificate ?? Alice);

        public string Fill(string words) => words
            .Replace("{port}", $"{Home.Port}", StringComparison.Ordinal)
            .Replace("{var}", Home.DataFolder, StringComparison.Ordinal)
            .Replace("{home}", Home.Folder, StringComparison.Ordinal);

        public void Dispose()
        {
            Other?.Dispose();
            Home.Dispose();
        }
    }
}
