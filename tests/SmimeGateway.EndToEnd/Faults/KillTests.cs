using System.Diagnostics;
using System.Globalization;
using SmimeGateway.EndToEnd.Interop;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Faults;
using Xunit.Abstractions;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>
/// <c>kill -9</c> at random moments while twenty clients send. KILLS=50 in the environment makes a long run; KILLS_POSTFIX=50 gives
/// Postfix the same treatment, for comparison.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Connections = 20;

    [Fact]
    public async Task Nothing_accepted_is_lost_and_nothing_is_torn()
    {
        var kills = Setting("KILLS") ?? 10;
        await using var gateway = new FaultGateway();
        await gateway.StartAsync();

        var client = gateway.MakeClient(Connections);
        var restarts = await SendWhileAsync(client, kills, gateway.KillAndStartAsync);
        var ledger = await gateway.SettleAsync(client);

        output.WriteLine($"gateway, {kills} kills: {ledger}; {restarts}");
        ledger.Lost.ShouldBe(0, ledger.ToString());
        ledger.Torn.ShouldBe(0, ledger.ToString());
        ledger.Orphans.ShouldBe(0, ledger.ToString());

        // A message is sent twice only when the process dies between the next hop's reply and its own record of it: at most one for
        // each connection to the next hop and kill.
        ledger.Duplicates.ShouldBeLessThanOrEqualTo(kills * Connections, ledger.ToString());
    }

    [PostfixFact]
    public async Task Postfix_under_the_same_treatment()
    {
        var kills = Setting("KILLS_POSTFIX") ?? 1;
        await using var sink = new CollectingNextHop();
        await using var postfix = await PostfixInstance.StartAsync(sink.Port);

        var client = new FaultClient(postfix.Port, Connections);
        var restarts = await SendWhileAsync(client, kills, postfix.KillAndStartAsync);
        FaultLedger Compare() => FaultLedger.Compare(client, sink.Messages, TearSearch.Find);
        await Eventually.TrueAsync(() => Compare().Lost == 0, TimeSpan.FromSeconds(120));

        output.WriteLine($"Postfix, {kills} kills: {Compare()}; {restarts}");
        Compare().Torn.ShouldBe(0);
    }

    private static async Task<string> SendWhileAsync(FaultClient client, int kills, Func<Task> killAndStart)
    {
        using var stop = new CancellationTokenSource();
        var random = new Random(kills);
        var sending = client.RunAsync(stop.Token);
        var restarts = new List<double>();
        for (var kill = 0; kill < kills; kill++)
        {
            var target = client.AcceptedCount + random.Next(100, 500);
            await Eventually.TrueAsync(() => client.AcceptedCount >= target, TimeSpan.FromSeconds(60));
            var killed = Stopwatch.GetTimestamp();
            await killAndStart();
            var before = client.AcceptedCount;
            await Eventually.TrueAsync(() => client.AcceptedCount > before, TimeSpan.FromSeconds(60));
            restarts.Add(Stopwatch.GetElapsedTime(killed).TotalSeconds);
        }

        await stop.CancelAsync();
        await sending;
        restarts.Sort();
        return $"from the kill to the next 250: median {restarts[restarts.Count / 2]:0.0} s, longest {restarts[^1]:0.0} s";
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;
}
