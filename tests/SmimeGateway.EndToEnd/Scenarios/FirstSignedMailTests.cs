using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>What a newcomer does first: the shipped configuration, swaks, and OpenSSL.</summary>
public sealed class FirstSignedMailTests
{
    private const string Executable = "artifacts/bin/SmimeGateway.Host/release/smimegateway";

    [Fact]
    public async Task Swaks_and_the_shipped_configuration_leave_a_signed_message_in_the_outbox()
    {
        using var home = new GatewayHome();
        await using var gateway = await StartShippedAsync(home);

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
    public async Task The_commands_of_the_readme_send_and_verify_also_when_mail_lies_there_already()
    {
        using var home = new GatewayHome();
        await using var gateway = await StartShippedAsync(home);
        var (send, verify) = (await CommandsOfReadmeAsync(Executable + " send"), await CommandsOfReadmeAsync(Executable + " verify"));
        for (var sent = 1; sent <= 3; sent++)
        {
            (await RunAsync(home, send)).ExitCode.ShouldBe(0);
            await Eventually.TrueAsync(() => home.OutboxMessages().Count == sent);
        }

        var own = await RunAsync(home, verify);
        var verdict = await RunAsync(home, await CommandsOfReadmeAsync("openssl cms -verify"));

        own.ExitCode.ShouldBe(0, own.Text);
        own.Output.ShouldContain("Verification successful.");
        verdict.ExitCode.ShouldBe(0, verdict.Text);
        verdict.Output.Trim().ShouldBe("alice@example.com");
    }

    // The block of commands as it stands there, of which only the place of the data and the port differ here.
    private static async Task<string> CommandsOfReadmeAsync(string command)
    {
        var readme = await File.ReadAllTextAsync(Repository.Root + "/README.md");
        return readme.Split("```").Single(block => block.TrimStart().StartsWith(command, StringComparison.Ordinal));
    }

    private static Task<ToolRun> RunAsync(GatewayHome home, string commands) => Tool.RunAsync(
        "bash",
        ["-c", $"set -e; cd '{home.Folder}'\n" + commands
            .Replace(Executable, $"'{Repository.GatewayExecutable}' --config smimegateway.json", StringComparison.Ordinal)
            .Replace("var/", home.DataFolder + "/", StringComparison.Ordinal)]);

    private static async Task<GatewayProcess> StartShippedAsync(GatewayHome home)
    {
        var shipped = await File.ReadAllTextAsync(Repository.Root + "/config/smimegateway.json");
        shipped.ShouldContain("127.0.0.1:2525");
        shipped.ShouldContain("\"../var\"");
        home.Write("smimegateway.json", shipped
            .Replace("127.0.0.1:2525", $"127.0.0.1:{home.Port}", StringComparison.Ordinal)
            .Replace("\"../var\"", $"\"{home.DataFolder}\"", StringComparison.Ordinal));
        return await GatewayProcess.StartAsync(home);
    }
}
