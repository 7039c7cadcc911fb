using System.Globalization;
using System.Security.Cryptography.Pkcs;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Faults;
using Xunit.Abstractions;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>
/// The configuration changes again and again while clients send: limits, certificates, rules and routes. RELOADS=1000 in the environment
/// makes a long run.
/// </summary>
public sealed class ReloadTests(ITestOutputHelper output)
{
    private const int Connections = 4;
    private const string ServerName = "gateway.example.com";

    [Fact]
    public async Task Reloads_under_load_drop_no_session_and_cause_no_error()
    {
        var reloads = int.TryParse(Environment.GetEnvironmentVariable("RELOADS"), CultureInfo.InvariantCulture, out var wanted) ? wanted : 30;
        await using var gateway = new FaultGateway();
        TestPki.WriteP12(gateway.Home.Folder + "/branch.pfx", Members.Password, [TestPki.Issue("alice@example.com", keyOwner: "branch"), .. TestPki.Chain]);
        foreach (var number in new[] { 0, 1 })
        {
            var certificate = TestPki.ForHost(ServerName);
            gateway.Home.Write($"listener-{number}.pem", TestPki.MakeKeyPem(certificate) + TestPki.MakeCertificatePem([TestPki.Public(certificate), .. TestPki.Chain]));
        }

        Configure(gateway, 0);
        await gateway.StartAsync();
        await using var secured = await gateway.Process!.DialogAsync();
        (await secured.StartTlsAsync(ServerName)).Code.ShouldBe(250);
        var client = gateway.MakeClient(Connections);
        using var stop = new CancellationTokenSource();
        var sending = client.RunAsync(stop.Token);
        await Eventually.TrueAsync(() => client.AcceptedCount >= 300);
        var calm = client.AcceptedCount;

        for (var reload = 1; reload <= reloads; reload++)
        {
            Configure(gateway, reload);
            await Signals.SendAsync(gateway.Process.Id, "HUP");
            await gateway.Process.LogsAsync($"limits.errors: {20 + reload - 1} -> {20 + reload}");
            (await secured.CommandAsync("MAIL FROM:<bert@example.com>")).Code.ShouldBe(250);
            (await secured.CommandAsync("RSET")).Code.ShouldBe(250);
            await using var fresh = await gateway.Process.DialogAsync();
            (await fresh.StartTlsAsync(ServerName)).Code.ShouldBe(250);
        }

        var target = client.AcceptedCount + 100;
        await Eventually.TrueAsync(() => client.AcceptedCount >= target);
        await stop.CancelAsync();
        await sending;
        var ledger = await gateway.SettleAsync(client);

        output.WriteLine($"{reloads} reloads: {ledger}; 99 % answered within {Latency(client, calm, target):0.0} ms, before the first within {Latency(client, 0, calm):0.0} ms");
        client.ConnectionsMade.ShouldBe(Connections, gateway.Process.Log);
        client.Refusals.ShouldBeEmpty();
        ledger.Lost.ShouldBe(0, ledger.ToString());
        ledger.Duplicates.ShouldBe(0, ledger.ToString());
        ledger.Torn.ShouldBe(0, ledger.ToString());
        gateway.Process.Log.ShouldNotContain(" ERR ");
        gateway.NextHop!.Messages.Where(message => message.From == "alice@example.com").Select(Signer).Distinct().Count().ShouldBe(2);
    }

    // Everything that a reload can change is another value than before.
    private static void Configure(FaultGateway gateway, int reload) => gateway.Home.Configure(
        $$"""
        "senders": [{ "address": ["*@example.com", "sender{{reload}}@example.org"], "clients": ["127.0.0.0/8"] }],
        "certificates": { "own": [{ "name": "office", "pkcs12": "{{(reload % 2 == 0 ? "office" : "branch")}}.pfx", "password": { "file": "office.password" } }] },
        "rules": [
          { "name": "reload {{reload}}", "when": { "sender": "sender{{reload}}@example.com" }, "pass": true },
          { "name": "sign alice", "when": { "sender": "alice@example.com" }, "sign": { "with": ["office"], "whenMissing": "reject" } },
          { "name": "pass bert", "when": { "sender": "bert@example.com" }, "pass": true } ],
        "routes": [{ "recipients": ["*"], "hosts": ["127.0.0.1:{{gateway.NextHop!.Port}}"], "connections": {{10 + (reload % 7)}} }],
        "queue": { "retry": ["1s"], "giveUpAfter": "{{3600 + reload}}s" }
        """,
        $"\"connections\": 2000, \"connectionsPerClient\": {1000 + (reload % 1000)}, \"messageSize\": \"{20 + (reload % 50)}MB\", \"errors\": {20 + reload}",
        logLevel: "information",
        listener: $", \"tls\": {{ \"mode\": \"offered\", \"certificate\": \"listener-{reload % 2}.pem\" }}");

    private static double Latency(FaultClient client, int from, int to)
    {
        var times = client.Accepted.Skip(from).Take(to - from).Select(message => message.Took.TotalMilliseconds).Order().ToList();
        return times[times.Count * 99 / 100];
    }

    private static string Signer(CollectedMessage message)
    {
        var signature = new SignedCms();
        signature.Decode(SignedParts.Of(message.Content).Cms);
        return signature.SignerInfos[0].Certificate!.SerialNumber;
    }
}
