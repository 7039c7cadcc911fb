using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>What a newcomer does first: the shipped configuration, swaks, and OpenSSL.</summary>
public sealed class FirstSignedMailTests
{
    [Fact]
    public async Task Swaks_and_the_shipped_configuration_leave_a_signed_message_in_the_outbox()
    {
        using var home = new GatewayHome();
        var shipped = await File.ReadAllTextAsync(Repository.Root + "/config/smimegateway.json");
        shipped.ShouldContain("127.0.0.1:2525");
        shipped.ShouldContain("\"../var\"");
        home.Write("smimegateway.json", shipped
            .Replace("127.0.0.1:2525", $"127.0.0.1:{home.Port}", StringComparison.Ordinal)
            .Replace("\"../var\"", $"\"{home.DataFolder}\"", StringComparison.Ordinal));
        await using var gateway = await GatewayProcess.StartAsync(home);

        var swaks = await Tool.RunAsync(
            "swaks",
            ["--server", $"127.0.0.1:{home.Port}", "--from", "alice@example.com", "--to", "bob@example.net", "--header", "Subject: first"]);

        swaks.ExitCode.ShouldBe(0, swaks.Text);
        await Eventually.TrueAsync(() => home.OutboxMessages().Count == 1);
        var root = Directory.GetFiles(home.DataFolder + "/ca", "*.pem").Concat(Directory.GetFiles(home.DataFolder + "/ca", "*.crt"))
            .First(file => Path.GetFileName(file).StartsWith("root", StringComparison.OrdinalIgnoreCase) && !file.Contains("key", StringComparison.OrdinalIgnoreCase));
        var verdict = await new OpenSsl(root).JudgeAsync(home.OutboxMessages()[0]);
        verdict.IsGoodFor("alice@example.com").ShouldBeTrue(verdict.Text);
    }

    [Fact]
    public async Task The_readme_names_a_command_that_verifies_the_first_message()
    {
        var readme = await File.ReadAllTextAsync(Repository.Root + "/README.md");

        readme.ShouldContain("swaks --server 127.0.0.1:2525 --from alice@example.com --to bob@example.net");
        readme.ShouldContain("openssl cms -verify");
    }
}
