using System.Globalization;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>
/// The real process, killed by strace as it enters a chosen system call: at a write to the queue, a flush, a reply to the client, a command to
/// the next hop, a removal, and while it reads the queue back. FAILPOINTS=25 in the environment repeats each of them, every time at another call.
/// </summary>
public sealed class FailPointTests(ITestOutputHelper output)
{
    private static readonly (string Calls, int First, int Spread)[] Points =
    [
        // Writes of the writer's thread and of those who write beside its flushes.
        ("pwrite64,pwritev,pwritev2", 5, 60),
        ("fsync,fdatasync", 2, 40),

        // Replies and commands: greetings, 250s, MAIL, RCPT, DATA, pieces of content, the dot.
        ("sendto,sendmsg,write", 20, 200),
        ("recvfrom,recvmsg", 20, 200),

        // A segment or a spare on its way in or out.
        ("unlink,ftruncate,fallocate", 1, 2),

        // Reading back.
        ("pread64,preadv", 1, 4),
    ];

    [Fact]
    public async Task Wherever_it_dies_nothing_is_lost_nothing_leaks_and_at_most_one_delivery_is_repeated()
    {
        var rounds = Setting.Number("FAILPOINTS") ?? 1;
        await using var gateway = new FaultGateway(nextHopConnections: 1);
        var client = gateway.MakeClient(connections: 4);
        using var stop = new CancellationTokenSource();
        var sending = client.RunAsync(stop.Token);
        var chance = new Random(rounds);
        var (deaths, survivals) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (calls, first, spread) in Points)
            {
                var when = first + chance.Next(spread);
                if (await DiesAsync(gateway, calls, when))
                {
                    deaths++;
                }
                else
                {
                    survivals++;
                }
            }
        }

        await gateway.StartAsync();
        await stop.CancelAsync();
        await sending;
        var ledger = await gateway.SettleAsync(client);

        output.WriteLine($"{deaths} deaths, {survivals} times the call did not come: {ledger}");
        ledger.Lost.ShouldBe(0, ledger.ToString());
        ledger.Torn.ShouldBe(0, ledger.ToString());
        ledger.Orphans.ShouldBe(0, ledger.ToString());
        gateway.NextHop.Messages.Where(IsLeak).ShouldBeEmpty();
        deaths.ShouldBeGreaterThanOrEqualTo(rounds * Points.Length / 2);

        // One connection to the next hop, so one delivery at most is under way at a death.
        ledger.Duplicates.ShouldBeLessThanOrEqualTo(deaths + survivals, ledger.ToString());
    }

    private static bool IsLeak(CollectedMessage message) =>
        message.Field("From")?.Contains("alice@", StringComparison.Ordinal) == true
        && message.Field("Content-Type")?.StartsWith("multipart/signed", StringComparison.OrdinalIgnoreCase) != true;

    /// <returns>False when the call did not come in time; the process is killed then.</returns>
    private static async Task<bool> DiesAsync(FaultGateway gateway, string calls, int when)
    {
        string[] strace =
        [
            "strace", "-D", "-f", "-qqq", "-o", "/dev/null", "-e", "trace=" + calls, "-e", "signal=none",
            "-e", string.Create(CultureInfo.InvariantCulture, $"inject={calls}:signal=KILL:when={when}+"),
        ];
        await using var process = GatewayProcess.Launch(gateway.Home, strace);
        try
        {
            await Eventually.TrueAsync(() => process.HasExited, TimeSpan.FromSeconds(8));
            return true;
        }
        catch (TimeoutException)
        {
            await process.KillAsync();
            return false;
        }
    }
}
