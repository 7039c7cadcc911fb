using System.Text;
using SmimeGateway.EndToEnd.Interop;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Reports;

/// <summary>Between the gateway and a real Postfix, the last server that knows DSN reports, and the sender's own words reach it.</summary>
public sealed class PostfixReportsTests
{
    [PostfixFact]
    public async Task Postfix_behind_the_gateway_takes_over_the_duty_to_report()
    {
        await using var sink = new CollectingNextHop();
        await using var postfix = await PostfixInstance.StartAsync(sink.Port);
        using var home = new GatewayHome();
        home.Configure(Members.Join(Members.Senders, "\"rules\": []", Members.Relay(postfix.Port)));
        await using var gateway = await GatewayProcess.StartAsync(home);

        await DsnRequest.SendAsync(home.Port);

        await OneReportComesFromAsync("relay.example.org", sink);
        await QueueSight.EmptiesAsync(home);
        sink.Messages.Count.ShouldBe(2, "the gateway added no report of its own");
    }

    [PostfixFact]
    public async Task Postfix_before_the_gateway_leaves_the_duty_to_it()
    {
        await using var sink = new CollectingNextHop();
        using var home = new GatewayHome();
        home.Configure(Members.Join(Members.Senders, "\"rules\": []", Members.Relay(sink.Port)));
        await using var gateway = await GatewayProcess.StartAsync(home);
        await using var postfix = await PostfixInstance.StartAsync(home.Port);

        await DsnRequest.SendAsync(postfix.Port);

        await OneReportComesFromAsync("gateway.example.com", sink);
        await QueueSight.EmptiesAsync(home);
        sink.Messages.Count.ShouldBe(2, "Postfix added no report of its own");
    }

    private static async Task OneReportComesFromAsync(string reporter, CollectingNextHop sink)
    {
        var messages = await sink.ReceivesAsync(2);
        messages.Single(message => message.From.Length > 0).Recipients.ShouldBe(["bob@example.net"]);
        var report = messages.Single(message => message.From.Length == 0);
        report.Recipients.ShouldBe(["alice@example.com"]);
        var text = Encoding.UTF8.GetString(report.Content).Replace("; ", ";", StringComparison.Ordinal);
        text.ShouldContain($"\nReporting-MTA: dns;{reporter}\r\n");
        text.ShouldContain("\nOriginal-Envelope-Id: order 42\r\n");
        text.ShouldContain("\nOriginal-Recipient: rfc822;Bob+Sales@Example.NET\r\n");
        text.ShouldContain("\nAction: relayed\r\n");
    }
}
