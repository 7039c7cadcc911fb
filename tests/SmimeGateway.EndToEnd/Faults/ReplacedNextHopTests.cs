using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>A next hop hangs with all that a route may have in its hands, and the administrator puts another in its place.</summary>
public sealed class ReplacedNextHopTests
{
    [Fact]
    public async Task A_reload_that_replaces_a_next_hop_that_hangs_sends_what_waits_and_what_comes_while_the_old_one_goes_on_hanging()
    {
        await using var hanging = new SilentNextHop();
        await using var sound = new CollectingNextHop();
        using var home = new GatewayHome();
        Configure(home, hanging.Port);
        await using var gateway = await GatewayProcess.StartAsync(home);
        for (var i = 0; i < 5; i++)
        {
            (await gateway.SendAsync("bert@example.com", $"early{i}@example.net", Lines.Message("bert@example.com"))).Code.ShouldBe(250);
        }

        await Eventually.TrueAsync(() => hanging.Connections == 2);

        Configure(home, sound.Port);
        await gateway.LogsAsync($"127.0.0.1:{sound.Port}");
        (await gateway.SendAsync("bert@example.com", "late@example.net", Lines.Message("bert@example.com"))).Code.ShouldBe(250);

        await Eventually.TrueAsync(() => sound.Messages.Count == 4, TimeSpan.FromSeconds(20));
        hanging.Connections.ShouldBe(2, "two are in its hands, and nobody asked it again");
        sound.Messages.Count(message => message.Recipients.Any(recipient => recipient.StartsWith("late", StringComparison.Ordinal))).ShouldBe(1);

        // What the old one has is let go of, and not lost.
        await hanging.DisposeAsync();
        await Eventually.TrueAsync(() => sound.Messages.Count == 6, TimeSpan.FromSeconds(60));
        sound.Messages.SelectMany(message => message.Recipients).Distinct().Count().ShouldBe(6);
    }

    private static void Configure(GatewayHome home, int port) => home.Configure(
        Members.Join(Members.Senders, Members.Relay(port, 2), "\"rules\": [{ \"name\": \"all\", \"pass\": true }]"),
        logLevel: "information");
}
