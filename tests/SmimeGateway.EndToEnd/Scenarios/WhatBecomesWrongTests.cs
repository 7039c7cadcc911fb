using System.Text.Json;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>
/// What breaks behind the back of a gateway that runs: <c>check</c>, <c>health</c>, <c>status</c> and the log say the same of it, and nothing once it
/// is mended.
/// </summary>
public sealed class WhatBecomesWrongTests : IDisposable
{
    private static readonly (string What, string Words, Action<GatewayHome> Break, Action<GatewayHome> Mend)[] Ways =
    [
        ("the certificate of a listener is gone",
            "listener \"internal\": {home}/tls.pem: the file does not exist. Put it there, or correct the path.",
            home => File.Delete(home.Folder + "/tls.pem"), Tls),
        ("the users are gone",
            "listener \"internal\": {home}/users.json: Nobody can log in: there are no users. \"smimegateway user add NAME\" adds one.",
            home => File.Move(home.Folder + "/users.json", home.Folder + "/away"), home => File.Move(home.Folder + "/away", home.Folder + "/users.json")),
        ("the key for held mail is gone",
            "encryption.holdKey: {var}/hold/hold.pem is gone, and with it whatever opens the messages that are held. Put it back from a backup;",
            home => Directory.CreateDirectory(home.DataFolder + "/hold"), home => Directory.Delete(home.DataFolder + "/hold")),
        ("a file stands where the outbox was",
            "folder of a route: {var}/outbox: A file stands where the folder should be. Remove it, or name another folder.",
            home => File.WriteAllText(home.Outbox, ""), home => File.Delete(home.Outbox)),
        ("the password for a next hop is gone",
            "routes[0].authentication.password: The password file {home}/secret does not exist. Put the password there, where the gateway's user may read it.",
            home => File.Delete(home.Folder + "/secret"), home => Secret(home, "secret")),
        ("the secret that tokens are asked with is empty",
            "routes[1].authentication.token.clientSecret: The password file {home}/client is empty. Put the password there, where the gateway's user may read it.",
            home => File.WriteAllText(home.Folder + "/client", ""), home => File.WriteAllText(home.Folder + "/client", "secret")),
        ("the roots of a next hop are gone",
            "routes[0].trust.roots: {home}/root.pem: it does not exist. Put it there, or correct the path.",
            home => File.Delete(home.Folder + "/root.pem"), Root),
        ("the certificate for a next hop is no certificate",
            "routes[1].certificate: {home}/client.pem: ",
            home => File.WriteAllText(home.Folder + "/client.pem", "-----BEGIN"), Client),
        ("others may read a key",
            "certificates.own[0].password.file: {home}/office.password: Others may read and change it (mode 666), and it is secret. Shut them out, once the gateway's user owns it or is in its group: chmod o=,g-w {home}/office.password",
            home => Open(home.Folder + "/office.password"), home => Members.Keep(home.Folder + "/office.password")),
        ("others may change the configuration",
            "the configuration: {home}/smimegateway.json: Others may change it (mode 666). Shut them out: chmod go-w {home}/smimegateway.json",
            home => Open(home.ConfigurationFile), home => Members.Keep(home.ConfigurationFile)),
        ("a folder of partners is a file",
            "certificates.partners \"partners\": {home}/partners: ",
            home => { Directory.Delete(home.Folder + "/partners"); File.WriteAllText(home.Folder + "/partners", ""); },
            home => { File.Delete(home.Folder + "/partners"); Directory.CreateDirectory(home.Folder + "/partners"); }),
    ];

    private readonly GatewayHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Check_health_status_and_the_log_say_the_same_and_nothing_once_it_is_mended()
    {
        Configure();
        await using var gateway = await GatewayProcess.StartAsync(_home);
        (await HealthAsync()).ShouldBe([]);

        foreach (var way in Ways)
        {
            way.Break(_home);
        }

        var words = Ways.Select(way => way.Words.Replace("{home}", _home.Folder, StringComparison.Ordinal).Replace("{var}", _home.DataFolder, StringComparison.Ordinal)).ToList();
        var health = "";
        try
        {
            await Eventually.TrueAsync(async () => (health = string.Join('\n', await HealthAsync())) is var told && words.TrueForAll(word => told.Contains(word, StringComparison.Ordinal)));
        }
        catch (TimeoutException)
        {
            words.Where(word => !health.Contains(word, StringComparison.Ordinal)).ShouldBeEmpty(health);
        }

        var status = (await GatewayProcess.CommandAsync(_home, "status")).Output;
        using var checkedNow = JsonDocument.Parse((await GatewayProcess.CommandAsync(_home, "check", "--json")).Output);
        var check = string.Join('\n', checkedNow.RootElement.GetProperty("findings").EnumerateArray().Select(finding => $"{finding.GetProperty("subject")}: {finding.GetProperty("text")}"));
        foreach (var word in words)
        {
            status.ShouldContain(word, Case.Sensitive);
            gateway.Log.ShouldContain(word.TrimEnd('.'), Case.Insensitive);
            check.ShouldContain(word, Case.Sensitive);
        }

        (await HealthAsync()).SelectMany(SentenceFlaws.In).ShouldBeEmpty();
        foreach (var way in Ways)
        {
            way.Mend(_home);
        }

        await Eventually.TrueAsync(async () => (await HealthAsync()).Count == 0);
        await gateway.LogsAsync($"folder of a route: {_home.Outbox}: no longer wrong");
    }

    private static void Tls(GatewayHome home)
    {
        TestPki.WritePem(home.Folder + "/tls.pem", TestServers.Server("gateway.example.com"));
        Members.Keep(home.Folder + "/tls.pem");
    }

    private static void Client(GatewayHome home)
    {
        TestPki.WritePem(home.Folder + "/client.pem", TestPki.ForHost("client.example.com"));
        Members.Keep(home.Folder + "/client.pem");
    }

    private static void Root(GatewayHome home) => home.Write("root.pem", TestPki.MakeCertificatePem(TestPki.Public(TestPki.Root)));

    private static void Secret(GatewayHome home, string name)
    {
        home.Write(name, "secret");
        Members.Keep(home.Folder + "/" + name);
    }

    private static void Open(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, (UnixFileMode)0b110_110_110);
        }
    }

    private void Configure()
    {
        Tls(_home);
        Client(_home);
        Root(_home);
        Secret(_home, "secret");
        Secret(_home, "client");
        Directory.CreateDirectory(_home.Folder + "/partners");
        _home.Configure(
            Members.Join(
                Members.Senders,
                Members.Office(_home, TestPki.Issue("alice@example.com"))[..^1] + ", \"partners\": [{ \"name\": \"partners\", \"folder\": \"partners\", \"accept\": \"all\" }] }",
                "\"rules\": [{ \"name\": \"hold\", \"when\": { \"recipient\": \"*@held.example\" }, \"encrypt\": { \"to\": [\"partners\"], \"whenMissing\": \"hold\" } }]",
                """
                "routes": [
                  { "recipients": ["*@a.example"], "hosts": ["127.0.0.1:9"], "tls": "required", "trust": { "roots": ["root.pem"] }, "authentication": { "user": "me", "password": { "file": "secret" } } },
                  { "recipients": ["*@b.example"], "hosts": ["127.0.0.1:9"], "tls": "required", "certificate": { "pem": { "certificate": "client.pem" } },
                    "authentication": { "user": "me", "token": { "endpoint": "https://login.example.com/token", "clientId": "me", "clientSecret": { "file": "client" } } } },
                  { "recipients": ["*"], "folder": "outbox" }]
                """),
            listener: ", \"tls\": { \"mode\": \"offered\", \"certificate\": \"tls.pem\" }, \"authentication\": { \"mode\": \"offered\", \"users\": \"users.json\" }");
        Tool.RunAsync(Repository.GatewayExecutable, ["user", "add", "alice", "--password-file", "secret", "--config", _home.ConfigurationFile], folder: _home.Folder).GetAwaiter().GetResult().ExitCode.ShouldBe(0);
    }

    private async Task<List<string>> HealthAsync()
    {
        var health = await GatewayProcess.CommandAsync(_home, "health", "--json");
        using var report = JsonDocument.Parse(health.Output);
        return [.. report.RootElement.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()!)];
    }
}
