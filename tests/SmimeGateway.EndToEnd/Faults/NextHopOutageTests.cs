using System.Diagnostics;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>A next hop that is down for long: nobody hammers it, nothing is lost or returned, and nothing waits for longer than it has to.</summary>
public sealed class NextHopOutageTests
{
    private const int Messages = 400;

    [Theory]
    [InlineData("GREETING")]
    [InlineData("MAIL")]
    public async Task Mail_waits_quietly_for_a_next_hop_that_is_down_and_leaves_at_once_when_it_is_back(string refusedAt)
    {
        await using var nextHop = ScriptedNextHop.Start(refusedAt, ScriptedReply.SayAndDrop("421 4.3.2 Down for maintenance"));
        using var home = new GatewayHome();

        // The pause is that between two questions to the host, too.
        home.Configure(
            Members.Join(
                Members.Senders,
                $$"""
                "routes": [{ "recipients": "*", "hosts": "127.0.0.1:{{nextHop.Port}}" }],
                "queue": { "retry": ["2s"] },
                "rules": [{ "name": "all", "pass": true }]
                """),
            logLevel: "information");
        await using var gateway = await GatewayProcess.StartAsync(home);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SendAsync(gateway, Messages / 10)));
        await Eventually.TrueAsync(() => gateway.Log.Contains(" takes no mail now, and what is for it waits", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => nextHop.Connections >= 8);

        var (connections, processor, lines) = (nextHop.Connections, ProcessorTime(gateway), gateway.Log.Split('\n').Length);
        var quiet = Stopwatch.StartNew();
        await Eventually.TrueAsync(() => nextHop.Connections >= connections + 3);
        quiet.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(3), "one question in two seconds");
        (ProcessorTime(gateway) - processor).ShouldBeLessThan(quiet.Elapsed / 5, "a fifth of a core");

        (gateway.Log.Split('\n').Length - lines).ShouldBeLessThan(20, "some lines for each question, and none for each message");

        nextHop.Script = (_, _) => null;
        await Eventually.TrueAsync(() => nextHop.Messages.Count >= Messages / 4);
        (await gateway.SendAsync("alice@example.com", "late@example.net", Lines.Message("alice@example.com"))).Code.ShouldBe(250);
        await Eventually.TrueAsync(() => nextHop.Messages.Any(message => message.Recipients.Any(line => line.Contains("late@", StringComparison.Ordinal))));
        await Eventually.TrueAsync(() => nextHop.Messages.Count == Messages + 1);

        nextHop.MostOpenConnections.ShouldBeLessThanOrEqualTo(20);
        nextHop.Messages.ShouldAllBe(message => message.Mail.StartsWith("MAIL FROM:<alice@example.com>", StringComparison.Ordinal), "nothing was returned");
        nextHop.Messages.ShouldAllBe(message => message.WasAccepted);
    }

    private static async Task SendAsync(GatewayProcess gateway, int count)
    {
        await using var dialog = await gateway.DialogAsync();
        for (var i = 0; i < count; i++)
        {
            (await dialog.SendAsync("alice@example.com", ["bob@example.net"], Lines.Message("alice@example.com"))).Code.ShouldBe(250);
        }
    }

    private static TimeSpan ProcessorTime(GatewayProcess gateway)
    {
        using var process = Process.GetProcessById(gateway.Id);
        return process.TotalProcessorTime;
    }
}
