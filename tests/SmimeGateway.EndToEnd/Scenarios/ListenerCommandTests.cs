using System.Text;
using System.Text.Json;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>The commands that make a listener trusted: users, and the way from a request to a certificate that clients accept.</summary>
public sealed class ListenerCommandTests : IDisposable
{
    private readonly GatewayHome _home = new();
    private readonly int _port = Loopback.FreePort();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Users_are_added_listed_and_removed_and_their_passwords_stay_unseen()
    {
        Configure("\"authentication\": { \"mode\": \"offered\" }");

        (await UserAsync("correct horse\n", "add", "alice")).ExitCode.ShouldBe(0);
        _home.Write("secret", "battery staple\n");
        (await UserAsync("", "add", "bob", "--password-file", _home.Folder + "/secret")).ExitCode.ShouldBe(0);
        var list = await UserAsync("", "list", "--json");

        list.ExitCode.ShouldBe(0, list.Text);
        using var json = JsonDocument.Parse(list.Output);
        json.RootElement.GetProperty("users").EnumerateArray().Select(user => user.GetString()).ShouldBe(["alice", "bob"]);
        var file = _home.Folder + "/users.json";
        json.RootElement.GetProperty("file").GetString().ShouldBe(file);
        (await Tool.MustAsync("stat", ["-c", "%a", file])).Output.Trim().ShouldBe("600");
        File.ReadAllText(file).ShouldNotContain("horse");

        (await UserAsync("", "remove", "ALICE")).ExitCode.ShouldBe(0);
        (await UserAsync("", "remove", "alice")).ExitCode.ShouldBe(1);
        (await UserAsync("", "list")).Output.ShouldContain("1 user(s)");
    }

    [Theory]
    [InlineData("", "add", "alice")]
    [InlineData("secret\n", "add", " alice")]
    [InlineData("secret\n", "add", "alice", "--listener", "other")]
    [InlineData("secret\n", "add", "alice", "--password-file", "/nowhere")]
    [InlineData("secret\n", "add", "alice", "--password", "secret")]
    public async Task What_cannot_be_added_is_refused_and_leaves_no_file(string input, params string[] command)
    {
        Configure("\"authentication\": { \"mode\": \"offered\" }");

        var run = await UserAsync(input, command);

        run.ExitCode.ShouldNotBe(0);
        run.Text.ShouldNotBeEmpty();
        File.Exists(_home.Folder + "/users.json").ShouldBeFalse();
    }

    [Theory]
    [InlineData("rsa:2048", "tls/gateway.pfx", "")]
    [InlineData("ecdsa:p256", "tls/gateway.crt", ", \"key\": \"tls/gateway.key\"")]
    [InlineData("rsa:3072", "tls/gateway.p12", ", \"password\": { \"file\": \"tls.password\" }")]
    public async Task From_a_request_to_a_certificate_that_openssl_accepts(string key, string file, string further)
    {
        _home.Write("tls.password", "correct horse\n");
        Configure($"\"tls\": {{ \"mode\": \"implicit\", \"certificate\": \"{file}\"{further} }}");

        var request = await GatewayProcess.CommandAsync(
            _home, "cert", "request", "--subject", "CN=gateway.example.com, O=Example", "--san", "gateway.example.com", "--san", "127.0.0.1", "--key", key, "--out", "gateway.csr");
        request.ExitCode.ShouldBe(0, request.Text);
        var pending = Directory.GetFiles(_home.DataFolder + "/pending").ShouldHaveSingleItem();
        (await Tool.MustAsync("stat", ["-c", "%a", pending])).Output.Trim().ShouldBe("600");
        File.ReadAllText(_home.Folder + "/gateway.csr").ShouldNotContain("PRIVATE");
        await SignAsync();

        var install = await GatewayProcess.CommandAsync(_home, "cert", "install", "gateway.cer");
        install.ExitCode.ShouldBe(0, install.Text);
        install.Output.ShouldContain("CN=Test Intermediate");
        install.Output.ShouldContain("TLS servers");
        install.Output.ShouldNotContain("warning");
        Directory.GetFiles(_home.DataFolder + "/pending").ShouldBeEmpty();
        (await Tool.MustAsync("stat", ["-c", "%a", $"{_home.Folder}/{file}"])).Output.Trim().ShouldBe("600");

        var check = await GatewayProcess.CommandAsync(_home, "check");
        check.ExitCode.ShouldBe(0, check.Text);
        check.Output.ShouldContain("Presents CN=gateway.example.com");

        await using var gateway = await GatewayProcess.StartAsync(_home);
        var client = await Tool.RunAsync(
            "openssl",
            ["s_client", "-connect", $"127.0.0.1:{_port}", "-CAfile", _home.Folder + "/root.pem", "-verify_hostname", "gateway.example.com", "-verify_return_error", "-crlf", "-quiet"],
            "QUIT\n"u8.ToArray(),
            deadline: TimeSpan.FromSeconds(20));
        client.Output.ShouldStartWith("220 ", customMessage: client.Text);
    }

    [Fact]
    public async Task A_certificate_that_answers_no_request_is_refused()
    {
        Configure("\"tls\": { \"mode\": \"offered\", \"certificate\": \"tls/gateway.pfx\" }");
        _home.Write("stranger.cer", TestServers.Server("gateway.example.com").ExportCertificatePem());

        var run = await GatewayProcess.CommandAsync(_home, "cert", "install", "stranger.cer");

        run.ExitCode.ShouldBe(1, run.Text);
        run.Text.ShouldContain("No key waits");
        File.Exists(_home.Folder + "/tls/gateway.pfx").ShouldBeFalse();
    }

    [Fact]
    public async Task A_request_never_overwrites_another_one()
    {
        Configure("\"tls\": { \"mode\": \"off\" }");
        _home.Write("gateway.csr", "the one that is under way");

        var run = await GatewayProcess.CommandAsync(_home, "cert", "request", "--subject", "gateway.example.com", "--out", "gateway.csr");

        run.ExitCode.ShouldBe(1, run.Text);
        File.ReadAllText(_home.Folder + "/gateway.csr").ShouldBe("the one that is under way");
        Directory.Exists(_home.DataFolder + "/pending").ShouldBeFalse();
    }

    [Theory]
    [InlineData("server:other.example.com", 0, "does not name gateway.example.com, but other.example.com")]
    [InlineData("client:gateway.example.com", 0, "not meant for TLS servers")]
    [InlineData("expired", 0, "It ended on 2025-01-01")]
    [InlineData("garbage", 1, "a certificate in it is damaged. Export the file again. Until then handshakes fail.")]
    [InlineData("nothing", 1, "does not exist")]
    public async Task Check_tells_what_clients_could_have_against_the_certificate(string what, int exitCode, string finding)
    {
        Configure("\"tls\": { \"mode\": \"offered\", \"certificate\": \"gateway.pem\" }");
        switch (what)
        {
            case "garbage":
                _home.Write("gateway.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
                break;
            case "expired":
                TestPki.WritePem(_home.Folder + "/gateway.pem", TestPki.Expired("alice@example.com"));
                break;
            case "nothing":
                break;
            default:
                var host = what.Split(':')[1];
                TestPki.WritePem(_home.Folder + "/gateway.pem", what.StartsWith("server", StringComparison.Ordinal) ? TestServers.Server(host) : TestServers.Client(host));
                break;
        }

        var run = await GatewayProcess.CommandAsync(_home, "check");

        run.ExitCode.ShouldBe(exitCode, run.Text);
        run.Output.ShouldContain(finding);
    }

    private Task<ToolRun> UserAsync(string input, params string[] command) =>
        Tool.RunAsync(Repository.GatewayExecutable, ["user", .. command, "--config", _home.ConfigurationFile], Encoding.UTF8.GetBytes(input), folder: _home.Folder);

    // What an authority does: it takes the names over from the request.
    private async Task SignAsync()
    {
        _home.Write("root.pem", TestPki.MakeCertificatePem(TestPki.Root));
        _home.Write("ca.pem", TestPki.Intermediate.ExportCertificatePem());
        using var key = System.Security.Cryptography.X509Certificates.RSACertificateExtensions.GetRSAPrivateKey(TestPki.Intermediate)!;
        _home.Write("ca.key", key.ExportPkcs8PrivateKeyPem());
        await Tool.MustAsync("openssl", ["req", "-in", "gateway.csr", "-noout", "-verify"], folder: _home.Folder);
        await Tool.MustAsync(
            "openssl", ["x509", "-req", "-in", "gateway.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-copy_extensions", "copy", "-days", "90", "-out", "leaf.cer"], folder: _home.Folder);
        _home.Write("gateway.cer", File.ReadAllText(_home.Folder + "/leaf.cer") + File.ReadAllText(_home.Folder + "/ca.pem"));
    }

    private void Configure(string security) => _home.Configure(
        Members.Join(Members.Senders, Members.Outbox),
        listeners: $$"""
            { "name": "internal", "endpoint": "127.0.0.1:{{_home.Port}}", "clients": ["127.0.0.0/8"] },
            { "name": "secured", "endpoint": "127.0.0.1:{{_port}}", "clients": ["127.0.0.0/8"], {{security}} }
            """);
}
