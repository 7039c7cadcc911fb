using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Reports;

public sealed class LostReplyTests
{
    [Fact]
    public async Task A_next_hop_that_takes_the_dot_and_drops_the_line_gets_one_more_copy_with_the_same_bytes_and_signature()
    {
        var dots = 0;
        await using var nextHop = ScriptedNextHop.Start();
        nextHop.Script = (verb, _) => verb == "DOT" && ++dots == 1 ? ScriptedReply.Drop : null;
        using var home = new GatewayHome();
        home.Configure(Members.Join(
            Members.Senders, Members.Office(home, TestPki.Issue("alice@example.com")), Members.Relay(nextHop.Port), Members.SignAll()));
        await using var gateway = await GatewayProcess.StartAsync(home);

        var reply = await gateway.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"));

        reply.Code.ShouldBe(250, reply.Text);
        await Eventually.TrueAsync(() => nextHop.Messages.Count >= 2, TimeSpan.FromSeconds(60));
        await QueueSight.EmptiesAsync(home);
        nextHop.Messages.Count.ShouldBe(2);
        var (first, second) = (nextHop.Messages.First(), nextHop.Messages.Last());
        second.Content.ShouldBe(first.Content);
        var text = Encoding.ASCII.GetString(second.Content);
        text.ShouldContain("\r\nMessage-ID: <1@client.example.com>\r\n");
        text.ShouldContain("name=\"smime.p7s\"");
    }
}
