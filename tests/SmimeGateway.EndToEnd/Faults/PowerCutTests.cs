using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Faults;
using Xunit.Abstractions;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>
/// The power fails at random moments while twenty clients send: whatever was not flushed is gone. POWER_CUTS=50 in the environment makes
/// a long run; POWER_CUTS_POSTFIX=50 gives Postfix the same treatment, for comparison.
/// </summary>
public sealed class PowerCutTests(ITestOutputHelper output)
{
    private const int Connections = 20;
    private const int DiskMegabytes = 512;

    [LoopFact]
    public async Task Nothing_accepted_before_the_cut_is_lost_and_nothing_needs_repair()
    {
        var cuts = Setting.Number("POWER_CUTS") ?? 3;
        var (ledger, restarts) = await CutAsync(cuts, silence: null);

        output.WriteLine($"gateway, {cuts} power cuts: {ledger}; {restarts}");
        ledger.Lost.ShouldBe(0, ledger.ToString());
        ledger.Torn.ShouldBe(0, ledger.ToString());
        ledger.Orphans.ShouldBe(0, ledger.ToString());
        ledger.Accepted.ShouldBeGreaterThan(cuts * 50, ledger.ToString());
    }

    [LoopFact]
    public async Task A_gateway_whose_flushes_do_nothing_is_found_out()
    {
        // Without this, the test above would also pass where the cut forgets nothing.
        var (ledger, _) = await CutAsync(
            cuts: 1, TimeSpan.FromSeconds(3), "strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:retval=0");

        ledger.Lost.ShouldBeGreaterThan(0, ledger.ToString());
    }

    [PostfixPowerCutFact]
    public async Task Postfix_under_the_same_treatment()
    {
        var cuts = Setting.Number("POWER_CUTS_POSTFIX") ?? 1;
        await using var sink = new CollectingNextHop();
        LoopDisk? disk = null;
        try
        {
            await using var postfix = await PostfixInstance.StartAsync(sink.Port, async queue => disk = await LoopDisk.MountAsync(queue, DiskMegabytes));

            // An installation is older than its first power cut: the folders of the queue are on the disk.
            await Tool.MustAsync("sync", []);
            var client = new FaultClient(postfix.Port, Connections);
            var blackouts = new Blackouts();
            var restarts = await RestartTimes.MeasureAsync(client, cuts, () => blackouts.DuringAsync(() =>
            {
                disk!.CutPower();
                return postfix.KillAndStartAsync(disk.RestoreAsync);
            }));
            await Eventually.TrueAsync(
                () => FaultLedger.CountLost(client, sink.Messages, blackouts.Counts) == 0, TimeSpan.FromSeconds(300));

            var ledger = FaultLedger.Compare(client, sink.Messages, TearSearch.Find, blackouts.Counts);
            output.WriteLine($"Postfix, {cuts} power cuts: {ledger}; {restarts}");
            ledger.Torn.ShouldBe(0, ledger.ToString());
        }
        finally
        {
            await (disk?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private static async Task<(FaultLedger Ledger, string Restarts)> CutAsync(int cuts, TimeSpan? silence, params string[] wrapper)
    {
        await using var gateway = new FaultGateway { Wrapper = wrapper };
        await using var disk = await LoopDisk.MountAsync(gateway.Home.DataFolder, DiskMegabytes);
        await gateway.StartAsync();

        // By turns the next hop holds back everything, so that all that was accepted is at stake, and takes it at once, so that what was
        // recorded about deliveries is.
        var client = gateway.MakeClient(Connections);
        var blackouts = new Blackouts();
        var holding = Hold(gateway.NextHop);
        var restarts = await RestartTimes.MeasureAsync(client, cuts, () => blackouts.DuringAsync(async () =>
        {
            disk.CutPower();
            await gateway.KillAndStartAsync(() =>
            {
                // What the dead process had sent and not been answered is not taken, as if its connections had been reset.
                holding?.SetException(new IOException("the sender is dead"));
                holding = holding is null ? Hold(gateway.NextHop) : Release(gateway.NextHop);
                return disk.RestoreAsync();
            });
        }));
        holding?.SetResult();
        return (await gateway.SettleAsync(client, blackouts.Counts, silence), restarts);
    }

    private static TaskCompletionSource Hold(CollectingNextHop nextHop)
    {
        var holding = new TaskCompletionSource();
        nextHop.Pace = holding.Task;
        return holding;
    }

    private static TaskCompletionSource? Release(CollectingNextHop nextHop)
    {
        nextHop.Pace = Task.CompletedTask;
        return null;
    }
}
