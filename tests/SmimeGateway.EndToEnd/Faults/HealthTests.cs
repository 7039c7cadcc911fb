using System.Text.Json;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>A probe hears of trouble within five seconds, and of its end as well.</summary>
public sealed class HealthTests
{
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(5);

    [MountFact]
    public async Task A_full_disk_makes_the_gateway_not_ready_until_there_is_space_again()
    {
        await using var gateway = new FaultGateway(limits: "\"messageSize\": \"1MB\"");
        await using var disk = await SmallDisk.MountAsync(gateway.Home.DataFolder + "/queue", megabytes: 32);
        await gateway.StartAsync();
        (await ProbeAsync(gateway.Home)).ExitCode.ShouldBe(0);

        var ballast = gateway.Home.DataFolder + "/queue/ballast";
        await Tool.RunAsync("/bin/dd", ["if=/dev/zero", "of=" + ballast, "bs=1M"]);
        await Eventually.TrueAsync(async () => (await ProbeAsync(gateway.Home)).ExitCode == 1, Notice);
        (await ProbeAsync(gateway.Home)).Output.ShouldContain("disk is full");
        (await ProbeAsync(gateway.Home, "--live")).ExitCode.ShouldBe(0);

        File.Delete(ballast);
        await Eventually.TrueAsync(async () => (await ProbeAsync(gateway.Home)).ExitCode == 0, Notice);
    }

    [Fact]
    public async Task A_process_that_has_used_up_its_memory_is_not_ready()
    {
        // 32 MB, in hexadecimal as the runtime wants it: less than the process has before its first message.
        await using var gateway = new FaultGateway();
        await using var process = await GatewayProcess.StartAsync(gateway.Home, "/usr/bin/env", "DOTNET_GCTotalPhysicalMemory=2000000");

        await Eventually.TrueAsync(async () => (await ProbeAsync(gateway.Home)).ExitCode == 1, Notice);

        var probe = await ProbeAsync(gateway.Home, "--json");
        JsonDocument.Parse(probe.Output).RootElement.GetProperty("troubles")[0].GetString()!.ShouldContain("memory");
    }

    [Fact]
    public async Task A_gateway_that_does_not_run_is_not_ready()
    {
        await using var gateway = new FaultGateway();

        var probe = await ProbeAsync(gateway.Home);

        probe.ExitCode.ShouldBe(3, probe.Text);
        probe.Errors.ShouldContain(gateway.Home.DataFolder + "/admin.sock");
        probe.Errors.ShouldContain("smimegateway run");
    }

    private static Task<ToolRun> ProbeAsync(GatewayHome home, params string[] options) =>
        GatewayProcess.CommandAsync(home, ["health", .. options]);
}
