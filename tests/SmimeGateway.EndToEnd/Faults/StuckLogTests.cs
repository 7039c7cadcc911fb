using System.Diagnostics;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>The log is there for the mail, never the other way round.</summary>
public sealed class StuckLogTests(ITestOutputHelper output)
{
    private const int Messages = 300;

    [MountFact]
    public async Task Mail_goes_on_while_the_volume_of_the_log_is_full_and_the_log_comes_back_with_the_space()
    {
        using var home = new GatewayHome();
        var folder = home.DataFolder + "/logs";
        await using var disk = await SmallDisk.MountAsync(folder, megabytes: 1);
        await using var others = new Ballast(folder, takesInodes: false);
        await using var nextHop = new CollectingNextHop();
        await using var gateway = await StartAsync(home, nextHop);
        others.TakeEverything();

        await SendAsync(home, nextHop);
        await others.RemoveAsync();

        var marker = $"{Guid.NewGuid():N}@example.net";
        (await gateway.SendAsync("alice@example.com", marker, Lines.Message("alice@example.com"))).Code.ShouldBe(250);
        await Eventually.TrueAsync(() => Directory.GetFiles(folder, "*.log").Any(file => Tail(file).Contains(marker, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Mail_goes_on_while_nobody_reads_the_console_and_SIGTERM_still_ends_the_process()
    {
        using var home = new GatewayHome();
        var console = home.Folder + "/console";
        await Tool.MustAsync("mkfifo", [console]);
        await using var nextHop = new CollectingNextHop();
        await using var gateway = await StartAsync(home, nextHop, "/bin/bash", "-c", "exec \"$@\" 1<>\"$0\" 2>&1", console);

        await SendAsync(home, nextHop);

        (await gateway.TerminateAsync()).ShouldBe(0);
    }

    private static Task<GatewayProcess> StartAsync(GatewayHome home, CollectingNextHop nextHop, params string[] wrapper)
    {
        home.Configure(Members.Join(Members.Senders, "\"rules\": []", Members.Relay(nextHop.Port)));
        return GatewayProcess.StartAsync(home, wrapper);
    }

    private async Task SendAsync(GatewayHome home, CollectingNextHop nextHop)
    {
        var slowest = TimeSpan.Zero;
        await using var dialog = await RawSmtpDialog.GreetAsync(home.Port);
        for (var number = 0; number < Messages; number++)
        {
            var began = Stopwatch.GetTimestamp();
            var reply = await dialog.SendAsync("alice@example.com", ["bob@example.net"], Lines.Message("alice@example.com"));
            reply.Code.ShouldBe(250, reply.Text);
            slowest = new[] { slowest, Stopwatch.GetElapsedTime(began) }.Max();
        }

        await nextHop.ReceivesAsync(Messages);
        output.WriteLine($"slowest of {Messages}: {slowest.TotalMilliseconds:0} ms");
    }

    private static string Tail(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
