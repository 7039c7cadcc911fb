using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>What happens after the 250: retries, bounces, per-recipient results.</summary>
public sealed class RelayingTests
{
    [Fact]
    public async Task Mail_accepted_before_a_restart_is_delivered_after_it()
    {
        using var home = new GatewayHome();
        var port = Loopback.FreePort();
        await using (var first = await StartAsync(home, port))
        {
            (await first.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"))).Code.ShouldBe(250);
            (await first.TerminateAsync()).ShouldBe(0, first.Log);
        }

        await using var nextHop = new CollectingNextHop(port);
        await using var second = await StartAsync(home, port);

        (await nextHop.ReceivesAsync(1))[0].From.ShouldBe("alice@example.com");
    }

    [Fact]
    public async Task A_recipient_refused_for_good_is_reported_to_the_sender_and_the_others_get_their_mail()
    {
        using var home = new GatewayHome();
        await using var nextHop = new CollectingNextHop
        {
            ReplyToRecipient = address => address.StartsWith("unknown@", StringComparison.Ordinal) ? "550 5.1.1 no such user here" : "250 2.1.5 fine",
        };
        await using var gateway = await StartAsync(home, nextHop.Port);
        await using var dialog = await gateway.DialogAsync();

        var reply = await dialog.SendAsync("alice@example.com", ["bob@example.net", "unknown@example.net"], Lines.Message("alice@example.com"));

        reply.Code.ShouldBe(250, reply.Text);
        var messages = await nextHop.ReceivesAsync(2);
        messages.Single(message => message.From == "alice@example.com").Recipients.ShouldBe(["bob@example.net"]);
        var report = messages.Single(message => message.From.Length == 0);
        report.Recipients.ShouldBe(["alice@example.com"]);
        report.Field("Content-Type").ShouldNotBeNull().ShouldContain("multipart/report");
        var text = System.Text.Encoding.UTF8.GetString(report.Content);
        text.ShouldContain("Final-Recipient: rfc822; unknown@example.net");
        text.ShouldContain("Status: 5.1.1");
    }

    [Fact]
    public async Task A_refused_report_is_not_reported_again()
    {
        using var home = new GatewayHome();
        await using var nextHop = new CollectingNextHop { ReplyToRecipient = _ => "550 5.1.1 nobody here" };
        await using var gateway = await StartAsync(home, nextHop.Port);
        await using var dialog = await gateway.DialogAsync();

        var reply = await dialog.SendAsync(string.Empty, ["bob@example.net"], Lines.Message("mailer-daemon@example.net"));

        reply.Code.ShouldBe(250, reply.Text);
        await Eventually.TrueAsync(async () => (await GatewayProcess.CommandAsync(home, "status", "--json")).Output.Contains("\"failed\": 1", StringComparison.OrdinalIgnoreCase));
        nextHop.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_temporary_refusal_is_tried_again_for_that_recipient_alone()
    {
        using var home = new GatewayHome();
        var asked = 0;
        await using var nextHop = new CollectingNextHop();
        nextHop.ReplyToRecipient = address => address.StartsWith("slow@", StringComparison.Ordinal) && Interlocked.Increment(ref asked) == 1
            ? "451 4.2.1 greylisted"
            : "250 2.1.5 fine";
        await using var gateway = await StartAsync(home, nextHop.Port);
        await using var dialog = await gateway.DialogAsync();

        await dialog.SendAsync("alice@example.com", ["bob@example.net", "slow@example.net"], Lines.Message("alice@example.com"));

        var messages = await nextHop.ReceivesAsync(2);
        messages.Select(message => string.Join(',', message.Recipients)).ShouldBe(["bob@example.net", "slow@example.net"]);
        messages[0].Content.ShouldBe(messages[1].Content, "a retry sends the stored bytes, it never signs again");
    }

    private static Task<GatewayProcess> StartAsync(GatewayHome home, int nextHopPort)
    {
        home.Configure(Members.Join(
            Members.Senders, Members.Office(home, TestPki.Issue("alice@example.com")), Members.Relay(nextHopPort), Members.SignAll()));
        return GatewayProcess.StartAsync(home);
    }
}
