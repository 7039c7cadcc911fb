using System.Text.Json;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.BadConfigs;

/// <summary>A running gateway is given every bad configuration, one after the other, and goes on with the one it has.</summary>
public sealed class BadReloadTests
{
    [Fact]
    public async Task A_running_gateway_refuses_every_bad_configuration_and_stays_as_it_is()
    {
        using var home = new GatewayHome();
        var good = Members.Join(Members.Senders, Members.Office(home, TestPki.Issue("alice@example.com")), Members.SignAll(), Members.Outbox);
        home.Configure(good, logLevel: "information");
        await using var gateway = await GatewayProcess.StartAsync(home);
        var facts = await FactsAsync(home);

        foreach (var name in Directory.EnumerateDirectories(BadConfigsTests.Folder).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal))
        {
            var before = Refusals(gateway);
            var errors = File.ReadAllLines(Path.Combine(BadConfigsTests.Folder, name, "expected.txt")).Length;
            File.Copy(Path.Combine(BadConfigsTests.Folder, name, "smimegateway.json"), home.ConfigurationFile, overwrite: true);
            await Signals.SendAsync(gateway.Id, "HUP");
            await Eventually.TrueAsync(() => Refusals(gateway) is var now && now.Count > before.Count && now[^1].Contains($" has {errors} error(s) ", StringComparison.Ordinal), wanted: name);
        }

        (await FactsAsync(home)).ShouldBe(facts);
        gateway.Log.ShouldNotContain("Configuration changed");
        foreach (var command in new[] { "status", "health" })
        {
            var said = await GatewayProcess.CommandAsync(home, command, "--socket", home.DataFolder + "/admin.sock");
            said.Output.ShouldContain("is not what is in force");
        }

        (await gateway.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"))).Code.ShouldBe(250);
        await Eventually.TrueAsync(() => home.OutboxMessages().Count == 1);
        SignedParts.Of(home.OutboxMessages()[0]).Cms.ShouldNotBeEmpty();

        // The one before is no news but that it is back.
        home.Configure(good, logLevel: "information");
        await gateway.LogsAsync("The configuration file is again what is in force");

        // The next good one is taken.
        home.Configure(good, "\"errors\": 7", logLevel: "information");
        await gateway.LogsAsync("limits.errors");
    }

    private static List<string> Refusals(GatewayProcess gateway) =>
        [.. gateway.Log.Split('\n').Where(line => line.Contains(" is not used: the last good one stays", StringComparison.Ordinal))];

    // What the gateway says of its configuration, without what changes by itself.
    private static async Task<string> FactsAsync(GatewayHome home)
    {
        var status = await GatewayProcess.CommandAsync(home, "status", "--json", "--socket", home.DataFolder + "/admin.sock");
        status.ExitCode.ShouldBe(0, status.Text);
        var root = JsonDocument.Parse(status.Output).RootElement;
        return string.Join('\n', new[] { "hostName", "listeners", "certificates", "routes", "logLevel" }.Select(key => root.GetProperty(key).ToString()));
    }
}
