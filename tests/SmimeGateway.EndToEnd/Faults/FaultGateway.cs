using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Faults;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>
/// A gateway to be ill-treated, and its next hop: mail from alice is signed, mail from bert passes unchanged. The next hop outlives every
/// gateway process.
/// </summary>
internal sealed class FaultGateway : IAsyncDisposable
{
    /// <param name="nextHopPort">Where a next hop will listen once <see cref="OpenNextHop"/> is called; 0 for one that listens at once.</param>
    /// <param name="limits">The members of the listener's <c>limits</c>.</param>
    /// <param name="nextHopConnections">How many connections the gateway may have to the next hop.</param>
    public FaultGateway(
        int nextHopPort = 0, string limits = "\"connections\": 2000, \"connectionsPerClient\": 2000", int nextHopConnections = 20)
    {
        NextHop = nextHopPort == 0 ? new CollectingNextHop() : null!;
        Home.Configure(
            Members.Join(
                Members.Senders,
                Members.Office(Home, TestPki.Issue("alice@example.com")),
                Members.Relay(nextHopPort == 0 ? NextHop.Port : nextHopPort, nextHopConnections),
                """
                "rules": [
                  { "name": "sign alice", "when": { "sender": "alice@example.com" }, "sign": { "with": ["office"], "whenMissing": "reject" } },
                  { "name": "pass bert", "when": { "sender": "bert@example.com" }, "pass": true } ]
                """),
            limits,
            logLevel: "information");
    }

    public GatewayHome Home { get; } = new();

    public CollectingNextHop NextHop { get; private set; }

    public GatewayProcess? Process { get; private set; }

    /// <summary>A program that runs the gateway, with its options, such as strace.</summary>
    public IReadOnlyList<string> Wrapper { get; set; } = [];

    public async Task StartAsync() => Process = await GatewayProcess.StartAsync(Home, Wrapper);

    /// <summary>kill -9, and a new process on the same queue.</summary>
    /// <param name="whileDead">What happens in between.</param>
    public async Task KillAndStartAsync(Func<Task> whileDead)
    {
        var killed = Process!;
        await killed.KillAsync();
        await killed.DisposeAsync();
        Process = null;
        await whileDead();
        await StartAsync();
    }

    /// <summary>kill -9, and a new process on the same queue.</summary>
    public Task KillAndStartAsync() => KillAndStartAsync(() => Task.CompletedTask);

    /// <summary>A client that sends by turns what is signed and what passes.</summary>
    public FaultClient MakeClient(int connections) =>
        new(Home.Port, connections) { Sender = number => number % 2 == 0 ? "alice@example.com" : "bert@example.com" };

    /// <summary>Opens the next hop that was down until now.</summary>
    public void OpenNextHop(int port) => NextHop = new CollectingNextHop(port);

    /// <summary>Waits until all that was accepted arrived or nothing arrives any more, and draws up the account.</summary>
    /// <param name="client">Who sent.</param>
    /// <param name="counts">Whether a 250 is held against the gateway; without it, all are.</param>
    /// <param name="silence">How long nothing must arrive before the rest is given up; a minute unless told.</param>
    public async Task<FaultLedger> SettleAsync(FaultClient client, Func<AcceptedMessage, bool>? counts = null, TimeSpan? silence = null)
    {
        var delivered = -1;
        while (delivered != NextHop.Messages.Count)
        {
            delivered = NextHop.Messages.Count;
            try
            {
                await Eventually.TrueAsync(() => FaultLedger.CountLost(client, NextHop.Messages, counts) == 0, silence ?? TimeSpan.FromSeconds(60));
                break;
            }
            catch (TimeoutException)
            {
                // The account below says how many are missing; that is a better failure than a timeout.
            }
        }

        return FaultLedger.Compare(client, NextHop.Messages, TearSearch.Find, counts);
    }

    public async ValueTask DisposeAsync()
    {
        await (Process?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (NextHop?.DisposeAsync() ?? ValueTask.CompletedTask);
        Home.Dispose();
    }
}
