using System.Net;
using System.Net.Sockets;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>A service manager starts a gateway that cannot start again and again, with mail in its queue.</summary>
public sealed class FailingStartTests
{
    private const int Messages = 20;

    // Time enough to deliver all, for a gateway that would begin before it has its port.
    private static readonly string[] SlowBind = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=bind", "-e", "inject=bind:delay_enter=1000000"];

    [Fact]
    public async Task A_gateway_whose_port_is_taken_delivers_nothing_and_says_in_a_sentence_which_listener_it_is()
    {
        var nextHop = Loopback.FreePort();
        await using var gateway = new FaultGateway(nextHop);
        using (var silent = new TcpListener(IPAddress.Loopback, nextHop))
        {
            silent.Start();
            await FillQueueAsync(gateway);
        }

        gateway.OpenNextHop(nextHop);
        using (var other = new TcpListener(IPAddress.Loopback, gateway.Home.Port))
        {
            other.Start();
            for (var start = 0; start < 3; start++)
            {
                await using var failing = GatewayProcess.Launch(gateway.Home, SlowBind);

                (await failing.ExitAsync()).ShouldBe(2, failing.Log);
                failing.Log.ShouldContain($"cannot listen on 127.0.0.1:{gateway.Home.Port}: another program has the port");
                failing.Log.Split('\n').ShouldNotContain(line => line.TrimStart().StartsWith("at ", StringComparison.Ordinal), failing.Log);
            }

            gateway.NextHop.Messages.ShouldBeEmpty();
        }

        await gateway.StartAsync();
        await gateway.NextHop.ReceivesAsync(Messages);

        (await gateway.Process!.TerminateAsync()).ShouldBe(0);
        gateway.NextHop.Messages.Count.ShouldBe(Messages);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_told_in_a_sentence()
    {
        using var home = new GatewayHome();
        home.Configure(Members.Join(Members.Senders, "\"rules\": []", Members.Outbox));
        await File.WriteAllTextAsync(
            home.ConfigurationFile,
            (await File.ReadAllTextAsync(home.ConfigurationFile)).Replace($"127.0.0.1:{home.Port}", "192.0.2.1:2525", StringComparison.Ordinal));

        await using var failing = GatewayProcess.Launch(home);

        (await failing.ExitAsync()).ShouldBe(2, failing.Log);
        failing.Log.ShouldContain("cannot listen on 192.0.2.1:2525: this machine has no such address");
        failing.Log.ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("queue", "queue.disk", "A file stands where the folder should be. Remove it, or name another folder.")]
    [InlineData("admin.sock/x", "admin.socket", "A folder stands where the file should be. Name a file in it, or another path.")]
    public async Task A_place_that_cannot_be_written_is_told_in_a_sentence(string name, string key, string words)
    {
        using var home = new GatewayHome();
        home.Configure(Members.Join(Members.Senders, "\"rules\": []", Members.Outbox));
        var place = Path.Combine(home.DataFolder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        await File.WriteAllTextAsync(place, "");

        await using var failing = GatewayProcess.Launch(home);

        (await failing.ExitAsync()).ShouldBe(2, failing.Log);
        failing.Log.ShouldContain($"the gateway cannot start: {key}: {Path.Combine(home.DataFolder, name.Split('/')[0])}: {words}");
        failing.Log.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_stops_nothing_and_is_told_on_the_console()
    {
        using var home = new GatewayHome();
        home.Configure(Members.Join(Members.Senders, "\"rules\": []", Members.Outbox));
        await File.WriteAllTextAsync(
            home.ConfigurationFile,
            (await File.ReadAllTextAsync(home.ConfigurationFile)).Replace("\"logs/smimegateway-.log\"", "\"/proc/sys/kernel/gateway-.log\"", StringComparison.Ordinal));

        await using var gateway = await GatewayProcess.StartAsync(home);

        await gateway.LogsAsync("The log goes to the console alone. log.file: /proc/sys/kernel: It cannot be written: ");
    }

    // Killed before the first attempt was recorded: all of it is due at the next start.
    private static async Task FillQueueAsync(FaultGateway gateway)
    {
        await gateway.StartAsync();
        for (var i = 0; i < Messages; i++)
        {
            (await gateway.Process!.SendAsync("bert@example.com", "bob@example.net", Lines.Message("bert@example.com"))).Code.ShouldBe(250);
        }

        await gateway.Process!.KillAsync();
        await gateway.Process.DisposeAsync();
    }
}
