using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Reports;

/// <summary>Who asks to hear of a success hears of it exactly once: from the gateway, or from the server that took over the duty.</summary>
public sealed class SuccessReportsTests
{
    [Fact]
    public async Task A_message_that_reaches_a_folder_is_reported_as_delivered_in_the_sender_s_own_words()
    {
        using var home = new GatewayHome();
        home.Configure(Members.Join(Members.Senders, "\"rules\": []", Members.Outbox));
        await using var gateway = await GatewayProcess.StartAsync(home);

        await DsnRequest.SendAsync(home.Port);

        await Eventually.TrueAsync(() => home.OutboxMessages().Count == 2);
        var report = Encoding.UTF8.GetString(home.OutboxMessages()[1]);
        report.ShouldContain("\r\nTo: <alice@example.com>\r\n");
        report.ShouldContain("\r\nOriginal-Envelope-Id: order 42\r\n");
        report.ShouldContain("\r\nOriginal-Recipient: rfc822; Bob+Sales@Example.NET\r\n");
        report.ShouldContain("\r\nAction: delivered\r\n");
    }

    [Fact]
    public async Task A_next_hop_without_DSN_makes_it_a_relayed_report_even_after_a_restart()
    {
        using var home = new GatewayHome();
        var port = Loopback.FreePort();
        home.Configure(Members.Join(Members.Senders, "\"rules\": []", Members.Relay(port)));
        await using (var first = await GatewayProcess.StartAsync(home))
        {
            await DsnRequest.SendAsync(home.Port);
            await first.KillAsync();
        }

        await using var nextHop = new CollectingNextHop(port);
        await using var second = await GatewayProcess.StartAsync(home);

        var messages = await nextHop.ReceivesAsync(2);
        messages[0].From.ShouldBe("alice@example.com");
        var report = Encoding.UTF8.GetString(messages[1].Content);
        report.ShouldContain("\r\nOriginal-Envelope-Id: order 42\r\n");
        report.ShouldContain("\r\nOriginal-Recipient: rfc822; Bob+Sales@Example.NET\r\n");
        report.ShouldContain("\r\nAction: relayed\r\n");
        await QueueSight.EmptiesAsync(home);
        nextHop.Messages.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_next_hop_with_DSN_is_asked_and_reports_itself()
    {
        await using var nextHop = ScriptedNextHop.Start();
        nextHop.Extensions = [.. nextHop.Extensions, "DSN"];
        using var home = new GatewayHome();
        home.Configure(Members.Join(Members.Senders, "\"rules\": []", Members.Relay(nextHop.Port)));
        await using var gateway = await GatewayProcess.StartAsync(home);

        await DsnRequest.SendAsync(home.Port);

        await Eventually.TrueAsync(() => !nextHop.Messages.IsEmpty);
        await QueueSight.EmptiesAsync(home);
        var message = nextHop.Messages.ShouldHaveSingleItem();
        message.Mail.ShouldContain("ENVID=order+2042");
        message.Recipients.Single().ShouldContain("NOTIFY=SUCCESS");
        message.Recipients.Single().ShouldContain("ORCPT=rfc822;Bob+2BSales@Example.NET");
    }
}
