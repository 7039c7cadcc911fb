using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>A next hop that is down is left alone for half a minute after a failed connection, so this takes that long.</summary>
public sealed class NextHopDownTests
{
    [Fact]
    public async Task Mail_accepted_while_the_next_hop_is_down_is_delivered_when_it_is_back()
    {
        using var home = new GatewayHome();
        var port = Loopback.FreePort();
        home.Configure(Members.Join(Members.Senders, Members.Office(home, TestPki.Issue("alice@example.com")), Members.Relay(port), Members.SignAll()));
        await using var gateway = await GatewayProcess.StartAsync(home);
        (await gateway.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"))).Code.ShouldBe(250);
        await gateway.LogsAsync("refused");

        await using var nextHop = new CollectingNextHop(port);

        var message = (await nextHop.ReceivesAsync(1, TimeSpan.FromSeconds(100)))[0];
        message.Recipients.ShouldBe(["bob@example.net"]);
        message.Field("Content-Type").ShouldNotBeNull().ShouldStartWith("multipart/signed");
    }
}
