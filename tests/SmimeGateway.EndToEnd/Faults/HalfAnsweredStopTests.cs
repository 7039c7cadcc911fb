using System.Net;
using System.Net.Sockets;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>A gateway is stopped at once while a message with many recipients is half delivered: what was answered is not sent again.</summary>
public sealed class HalfAnsweredStopTests
{
    private const int Each = 300;

    private static readonly string[] Recipients =
        [.. new[] { "fast", "slow", "mute" }.SelectMany(route => Enumerable.Range(0, Each).Select(i => $"u{i}@{route}.example"))];

    [Fact]
    public async Task A_thousand_recipients_over_three_routes_get_the_message_once_each()
    {
        using var answer = new ManualResetEventSlim();
        await using var fast = new CollectingNextHop();
        await using var slow = new CollectingNextHop();
        var mutePort = Loopback.FreePort();
        using var home = new GatewayHome();
        home.Configure(
            Members.Join(Members.Senders, "\"rules\": []", "\"queue\": { \"retry\": [\"1s\"] }", $$"""
                "routes": [
                  { "recipients": ["*@fast.example"], "hosts": ["127.0.0.1:{{fast.Port}}"] },
                  { "recipients": ["*@slow.example"], "hosts": ["127.0.0.1:{{slow.Port}}"] },
                  { "recipients": ["*@mute.example"], "hosts": ["127.0.0.1:{{mutePort}}"] } ]
                """),
            logLevel: "information");

        // The second of its three transactions is under way, and not answered, when the gateway stops.
        var dots = 0;
        slow.ReplyToDot = _ =>
        {
            if (Interlocked.Increment(ref dots) == 2)
            {
                answer.Wait(TimeSpan.FromSeconds(60));
                return "451 4.3.0 too late";
            }

            return "250 2.0.0 taken";
        };
        using (var mute = new TcpListener(IPAddress.Loopback, mutePort))
        {
            mute.Start();
            await using var stopped = await GatewayProcess.StartAsync(home);
            await SendAsync(stopped);
            await Eventually.TrueAsync(() => fast.Messages.Count == 3 && slow.Messages.Count == 2 && Volatile.Read(ref dots) == 3);
            await Signals.SendAsync(stopped.Id, "TERM");
            await stopped.LogsAsync("Stopping");
            (await stopped.TerminateAsync()).ShouldBe(0, stopped.Log);
            answer.Set();
        }

        slow.ReplyToDot = _ => "250 2.0.0 taken";
        await using var late = new CollectingNextHop(mutePort);
        await using var started = await GatewayProcess.StartAsync(home);
        await Eventually.TrueAsync(
            () => Recipients.All(new[] { fast, slow, late }.SelectMany(hop => hop.Messages).SelectMany(message => message.Recipients).ToHashSet().Contains),
            TimeSpan.FromSeconds(60));
        (await started.TerminateAsync()).ShouldBe(0, started.Log);

        new[] { fast, slow, late }.SelectMany(hop => hop.Messages).SelectMany(message => message.Recipients)
            .CountBy(recipient => recipient).Where(count => count.Value > 1).ShouldBeEmpty(started.Log);
    }

    private static async Task SendAsync(GatewayProcess gateway)
    {
        await using var client = await gateway.DialogAsync();
        (await client.CommandAsync("MAIL FROM:<bert@example.com>")).Code.ShouldBe(250);
        foreach (var recipient in Recipients)
        {
            (await client.CommandAsync($"RCPT TO:<{recipient}>")).Code.ShouldBe(250);
        }

        (await client.CommandAsync("DATA")).Code.ShouldBe(354);
        await client.WriteAsync((byte[])[.. Lines.Message("bert@example.com"), .. ".\r\n"u8]);
        (await client.ReadAsync()).Code.ShouldBe(250, gateway.Log);
    }
}
