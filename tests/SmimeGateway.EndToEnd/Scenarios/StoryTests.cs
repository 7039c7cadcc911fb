using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>What <c>grep ID</c> tells of a message, at the level that is always on.</summary>
public sealed class StoryTests
{
    [Fact]
    public async Task One_search_for_the_queue_id_tells_the_whole_story()
    {
        using var home = new GatewayHome();
        await using var nextHop = new CollectingNextHop();
        var alice = TestPki.Issue("alice@example.com");
        home.Configure(
            Members.Join(Members.Senders, Members.Office(home, alice), Members.SignAll(), Members.Relay(nextHop.Port)), logLevel: "information");
        await using var gateway = await GatewayProcess.StartAsync(home);
        nextHop.ReplyToRecipient = _ => "450 4.2.1 not now";
        await using var dialog = await gateway.DialogAsync();
        var reply = await dialog.SendAsync("alice@example.com", ["bob@example.net"], Lines.Message("alice@example.com"));
        reply.Code.ShouldBe(250);
        var id = reply.Text.Split(' ')[^1];
        await gateway.LogsAsync(id + " deferred");

        nextHop.ReplyToRecipient = _ => "250 2.1.5 taken";
        await gateway.LogsAsync(id + " delivered");

        var story = gateway.Log.Split('\n').Where(line => line.Contains(id, StringComparison.Ordinal)).ToList();
        story[0].ShouldContain($" accepted as {id}: ");
        story[0].ShouldContain("from <alice@example.com>");
        story[0].ShouldContain("client 127.0.0.1:");
        story[0].ShouldContain("rule \"sign\"");
        story[0].ShouldContain("signed (clear) with serial");
        story[0].ShouldContain("serial " + alice.SerialNumber);
        story[0].ShouldContain($" {nextHop.Messages.Single().Content.Length} octets");
        story.ShouldContain(line => line.Contains($"{id} deferred for bob@example.net", StringComparison.Ordinal)
            && line.Contains(" until ", StringComparison.Ordinal) && line.Contains("450 4.2.1 not now", StringComparison.Ordinal));
        story[^1].ShouldContain($"{id} delivered to bob@example.net");
        story[^1].ShouldContain("250 2.0.0 taken");
    }
}
