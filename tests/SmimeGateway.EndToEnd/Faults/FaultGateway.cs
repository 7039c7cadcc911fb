using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Faults;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>
/// A gateway to be ill-treated, and its next hop: mail from alice is signed, mail from bert passes unchanged. The next hop outlives every
/// gateway process.
/// </summary>
internal sealed class FaultGateway : IAsyncDisposable
{
    public FaultGateway(int nextHopPort = 0, string limits = "\"connections\": 2000, \"connectionsPerClient\": 2000")
    {
        NextHop = nextHopPort == 0 ? new CollectingNextHop() : null;
        Home.Configure(
            Members.Join(
                Members.Senders,
                Members.Office(Home, TestPki.Issue("alice@example.com")),
                Members.Relay(NextHop?.Port ?? nextHopPort),
                """
                "rules": [
                  { "name": "sign alice", "when": { "sender": "alice@example.com" }, "sign": { "with": ["office"], "whenMissing": "reject" } },
                  { "name": "pass bert", "when": { "sender": "bert@example.com" }, "pass": true } ]
                """),
            limits,
            logLevel: "information");
    }

    public GatewayHome Home { get; } = new();

    public CollectingNextHop? NextHop { get; private set; }

    public GatewayProcess? Process { get; private set; }

    public async Task StartAsync() => Process = await GatewayProcess.StartAsync(Home);

    /// <summary>kill -9, and a new process on the same queue.</summary>
    public async Task KillAndStartAsync()
    {
        var killed = Process!;
        await killed.KillAsync();
        await killed.DisposeAsync();
        Process = null;
        await StartAsync();
    }

    /// <summary>A client that sends by turns what is signed and what passes.</summary>
    public FaultClient MakeClient(int connections) =>
        new(Home.Port, connections) { Sender = number => number % 2 == 0 ? "alice@example.com" : "bert@example.com" };

    /// <summary>Opens the next hop that was down until now.</summary>
    public void OpenNextHop(int port) => NextHop = new CollectingNextHop(port);

    /// <summary>Waits until all that was accepted arrived or nothing arrives any more, and draws up the account.</summary>
    public async Task<FaultLedger> SettleAsync(FaultClient client)
    {
        try
        {
            await Eventually.TrueAsync(() => Compare(client).Lost == 0, TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            // The account below says how many are missing; that is a better failure than a timeout.
        }

        return Compare(client);
    }

    public async ValueTask DisposeAsync()
    {
        await (Process?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (NextHop?.DisposeAsync() ?? ValueTask.CompletedTask);
        Home.Dispose();
    }

    private FaultLedger Compare(FaultClient client) => FaultLedger.Compare(client, NextHop!.Messages, TearSearch.Find);
}
