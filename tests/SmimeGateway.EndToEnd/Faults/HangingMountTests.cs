using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>A share hangs on which the gateway is to find certificates, roots or its configuration: that keeps no other mail, no start, no reload and no stop.</summary>
public sealed class HangingMountTests
{
    private static readonly byte[] Mail = Lines.Message("alice@example.com");

    [HangingMountFact]
    public async Task A_share_that_hangs_at_the_start_keeps_only_the_mail_that_needs_it()
    {
        using var home = new GatewayHome();
        Configure(home);
        using var partners = HangingMount.Over(home.Folder + "/partners");
        using var trust = HangingMount.Over(home.Folder + "/trust");
        await using var gateway = await GatewayProcess.StartAsync(home);
        await gateway.LogsAsync("its files do not answer");

        (await gateway.SendAsync("alice@example.com", "carl@example.org", Mail)).Code.ShouldBe(250);
        (await gateway.SendAsync("alice@example.com", "bob@example.net", Mail)).Code.ShouldBe(451);
        await Eventually.TrueAsync(() => home.OutboxMessages().Count == 1);

        Configure(home, "\"errors\": 7");
        await Signals.SendAsync(gateway.Id, "HUP");
        await gateway.LogsAsync("limits.errors");
        (await gateway.SendAsync("alice@example.com", "carl@example.org", Mail)).Code.ShouldBe(250);

        // With the share comes what is on it.
        partners.Dispose();
        trust.Dispose();
        await Eventually.TrueAsync(async () => (await gateway.SendAsync("alice@example.com", "bob@example.net", Mail)).Code == 250);
        (await gateway.TerminateAsync()).ShouldBe(0, gateway.Log);
    }

    [HangingMountFact]
    public async Task A_share_that_begins_to_hang_takes_nothing_away_that_was_read_and_keeps_no_stop()
    {
        using var home = new GatewayHome();
        Configure(home);
        await using var gateway = await GatewayProcess.StartAsync(home);
        (await gateway.SendAsync("alice@example.com", "bob@example.net", Mail)).Code.ShouldBe(250);
        using var partners = HangingMount.Over(home.Folder + "/partners");
        using var trust = HangingMount.Over(home.Folder + "/trust");

        await Signals.SendAsync(gateway.Id, "HUP");
        await gateway.LogsAsync("its files do not answer");
        (await gateway.SendAsync("alice@example.com", "bob@example.net", Mail)).Code.ShouldBe(250);
        (await gateway.SendAsync("alice@example.com", "nobody@example.net", Mail)).Code.ShouldBe(451);

        (await gateway.TerminateAsync()).ShouldBe(0, gateway.Log);
    }

    [HangingMountFact]
    public async Task A_configuration_file_that_hangs_leaves_the_gateway_as_it_is_and_lets_it_stop()
    {
        using var home = new GatewayHome();
        Configure(home);
        var folder = Directory.CreateDirectory(home.Folder + "/share").FullName;
        File.Copy(home.ConfigurationFile, folder + "/smimegateway.json");
        foreach (var (name, path) in new[] { ("office.pfx", "office.pfx"), ("office.password", "office.password") })
        {
            File.Copy(Path.Combine(home.Folder, name), Path.Combine(folder, path));
        }

        File.Delete(home.ConfigurationFile);
        File.CreateSymbolicLink(home.ConfigurationFile, "share/smimegateway.json");
        await using var gateway = await GatewayProcess.StartAsync(home);
        using var share = HangingMount.Over(folder);

        await gateway.LogsAsync("does not answer: perhaps a share hangs");
        (await gateway.SendAsync("alice@example.com", "carl@example.org", Mail)).Code.ShouldBe(250);

        (await gateway.TerminateAsync()).ShouldBe(0, gateway.Log);
    }

    private string? _certificates;

    private void Configure(GatewayHome home, string limits = "\"errors\": 9") => home.Configure(
        Members.Join(
            Members.Senders,
            _certificates ??= Members.OfficeAndPartners(home, TestPki.Issue("alice@example.com"), TestPki.Issue("bob@example.net")),
            """
            "rules": [
              { "name": "encrypt", "when": { "recipient": "*@example.net" }, "encrypt": { "to": ["partners"], "whenMissing": "reject" } },
              { "name": "sign", "when": { "sender": "*@example.com" }, "sign": { "with": ["office"] } } ]
            """,
            Members.Outbox),
        limits,
        logLevel: "information");
}
