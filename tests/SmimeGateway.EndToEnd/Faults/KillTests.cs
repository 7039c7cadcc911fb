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
    private const int ConnectionsOfRoute = 4;

    private static readonly string[] ManyRoutes = ["one.example", "two.example", "three.example"];

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

    [Fact]
    public async Task Nothing_is_lost_of_messages_to_many_recipients_over_three_routes_and_only_transactions_under_way_are_repeated()
    {
        var kills = Setting("KILLS") ?? 5;
        await using var gateway = new FaultGateway();
        gateway.Home.Configure(
            Members.Join(
                Members.Senders,
                "\"rules\": [{ \"name\": \"pass\", \"when\": { \"sender\": \"*\" }, \"pass\": true }]",
                "\"queue\": { \"retry\": [\"1s\"] }",
                $"\"routes\": [{string.Join(", ", ManyRoutes.Select(domain => $"{{ \"recipients\": [\"*@{domain}\"], \"hosts\": [\"127.0.0.1:{gateway.NextHop.Port}\"], \"connections\": {ConnectionsOfRoute} }}"))}]"),
            logLevel: "information");
        await gateway.StartAsync();

        // Five transactions a message: of a hundred and of twenty recipients behind two of the routes, and of ten behind the third.
        var client = gateway.MakeClient(4);
        client.Recipients = [.. ManyRoutes.SelectMany((domain, place) => Enumerable.Range(0, place == 2 ? 10 : 120).Select(number => $"u{number}@{domain}"))];
        var restarts = await SendWhileAsync(client, kills, gateway.KillAndStartAsync, atLeast: 5);
        var ledger = await gateway.SettleAsync(client);

        output.WriteLine($"gateway, {kills} kills, {client.Recipients.Count} recipients over three routes: {ledger}; {restarts}");
        ledger.Lost.ShouldBe(0, ledger.ToString());
        ledger.Torn.ShouldBe(0, ledger.ToString());
        ledger.Orphans.ShouldBe(0, ledger.ToString());
        ledger.Duplicates.ShouldBeLessThanOrEqualTo(kills * ManyRoutes.Length * ConnectionsOfRoute * 100, ledger.ToString());
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

    private static async Task<string> SendWhileAsync(FaultClient client, int kills, Func<Task> killAndStart, int atLeast = 100)
    {
        using var stop = new CancellationTokenSource();
        var random = new Random(kills);
        var sending = client.RunAsync(stop.Token);
        var restarts = new List<double>();
        for (var kill = 0; kill < kills; kill++)
        {
            var target = client.AcceptedCount + random.Next(atLeast, 5 * atLeast);
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
