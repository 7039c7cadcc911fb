using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

public sealed class FullDiskTests
{
    private const string Limits = "\"messageSize\": \"1MB\", \"connections\": 100, \"connectionsPerClient\": 100";

    [MountFact]
    public async Task A_full_disk_answers_452_drains_and_accepts_again_without_a_restart()
    {
        var nextHopPort = Loopback.FreePort();
        await using var gateway = new FaultGateway(nextHopPort, Limits);
        await using var disk = await SmallDisk.MountAsync(gateway.Home.DataFolder + "/queue", megabytes: 32);
        await gateway.StartAsync();

        // The next hop is down, so everything stays until no more fits.
        var client = gateway.MakeClient(connections: 4);
        using (var stop = new CancellationTokenSource())
        {
            var sending = client.RunAsync(stop.Token);
            await Eventually.TrueAsync(() => client.Refusals.Count > 0 || sending.IsCompleted, TimeSpan.FromSeconds(60));
            await stop.CancelAsync();
            await sending;
        }

        client.AcceptedCount.ShouldBeGreaterThan(100);
        client.Refusals.ShouldAllBe(refusal => refusal.StartsWith("452 4.3.1", StringComparison.Ordinal));

        gateway.OpenNextHop(nextHopPort);
        await Eventually.TrueAsync(() => gateway.NextHop!.Messages.Count >= client.AcceptedCount, TimeSpan.FromSeconds(60));

        // Space is back, and so is the service.
        await Eventually.TrueAsync(
            async () => (await gateway.Process!.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"))).Code == 250,
            TimeSpan.FromSeconds(30));
        var ledger = await gateway.SettleAsync(client);
        ledger.Lost.ShouldBe(0, ledger.ToString());
        ledger.Torn.ShouldBe(0, ledger.ToString());
    }
}
