using System.Diagnostics;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Faults;
using Xunit.Abstractions;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>
/// The next hop is slow and a flood fills the disk of the queue; then somebody else takes the last of it, and mail must still go out.
/// </summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    private const string Limits = "\"messageSize\": \"1MB\", \"connections\": 100, \"connectionsPerClient\": 100";
    private const int Megabytes = 64;
    private const long Reserve = Megabytes * 1024L * 1024 / 20;

    [MountTheory]
    [InlineData("tmpfs")]
    [InlineData("ext4")]
    [InlineData("ext4 of few inodes")]
    public async Task A_flood_is_refused_before_the_disk_is_full_the_queue_drains_on_a_full_disk_and_accepts_again_without_a_restart(string fileSystem)
    {
        var isShortOfInodes = fileSystem == "ext4 of few inodes";
        await using var gateway = new FaultGateway(limits: Limits);
        var pace = new TaskCompletionSource();
        gateway.NextHop.Pace = pace.Task;
        var folder = gateway.Home.DataFolder + "/queue";
        await using var disk = await MountAsync(fileSystem, folder);
        await using var others = new Ballast(folder, isShortOfInodes);
        await gateway.StartAsync();

        // When bytes run out, mail itself takes them, and the gateway must stop in time; when inodes do, others took them.
        if (isShortOfInodes)
        {
            others.TakeEverything();
        }
        else
        {
            others.Take(megabytes: 40);
        }

        var client = await FloodAsync(gateway);
        client.AcceptedCount.ShouldBeGreaterThan(50);
        client.Refusals.ShouldAllBe(refusal => refusal.StartsWith("452 4.3.1", StringComparison.Ordinal));
        var free = new DriveInfo(folder).AvailableFreeSpace;
        output.WriteLine($"{fileSystem}: {client.AcceptedCount} accepted, {free >> 10} KB left, {client.RefusedAfterData} refused after DATA");
        (await OfferAsync(gateway)).Text.ShouldStartWith("452 4.3.1");
        if (!isShortOfInodes)
        {
            // The room for the next segment is taken ahead, so the reserve may be short by that one and what was on its way.
            free.ShouldBeGreaterThan(Reserve - (2 * 1024 * 1024));
            client.RefusedAfterData.ShouldBe(0);
            others.TakeEverything();
            new DriveInfo(folder).AvailableFreeSpace.ShouldBeLessThan(64 * 1024);
        }

        pace.SetResult();
        var draining = Stopwatch.GetTimestamp();
        var ledger = await gateway.SettleAsync(client);
        output.WriteLine($"{fileSystem}: drained in {Stopwatch.GetElapsedTime(draining).TotalSeconds:0.0} s, {new DriveInfo(folder).AvailableFreeSpace >> 10} KB left");
        ledger.Lost.ShouldBe(0, ledger.ToString());
        ledger.Duplicates.ShouldBe(0, ledger.ToString());
        ledger.Torn.ShouldBe(0, ledger.ToString());
        if (!isShortOfInodes)
        {
            // The others take what the drained queue gave back, too.
            await Eventually.TrueAsync(async () => (await OfferAsync(gateway)).Text.StartsWith("452 4.3.1", StringComparison.Ordinal));
        }

        await others.RemoveAsync();
        var since = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync(async () => (await OfferAsync(gateway)).Code == 250);
        output.WriteLine($"{fileSystem}: accepting again after {Stopwatch.GetElapsedTime(since).TotalSeconds:0.00} s");
        (await gateway.Process!.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"))).Code.ShouldBe(250);
    }

    private static async Task<IAsyncDisposable> MountAsync(string fileSystem, string folder) => fileSystem switch
    {
        "tmpfs" => await SmallDisk.MountAsync(folder, Megabytes),
        "ext4" => await LoopDisk.MountAsync(folder, Megabytes),
        _ => await LoopDisk.MountAsync(folder, Megabytes, inodes: 64),
    };

    private static async Task<FaultClient> FloodAsync(FaultGateway gateway)
    {
        var client = gateway.MakeClient(connections: 4);
        using var stop = new CancellationTokenSource();
        var sending = client.RunAsync(stop.Token);
        await Eventually.TrueAsync(() => client.Refusals.Count > 0, TimeSpan.FromSeconds(60));

        // A file system may still give back a little that it had set aside; the flood goes on until that is used up too.
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        for (var accepted = -1; accepted != client.AcceptedCount; await tick.WaitForNextTickAsync())
        {
            accepted = client.AcceptedCount;
        }

        await stop.CancelAsync();
        await sending;
        return client;
    }

    private static async Task<RawReply> OfferAsync(FaultGateway gateway)
    {
        await using var dialog = await gateway.Process!.DialogAsync();
        return await dialog.CommandAsync("MAIL FROM:<alice@example.com>");
    }
}
