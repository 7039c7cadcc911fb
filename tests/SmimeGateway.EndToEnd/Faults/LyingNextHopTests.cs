using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>Next hops that break off, talk rubbish or never stop talking, each at another point of the dialog, all at once.</summary>
public sealed class LyingNextHopTests(ITestOutputHelper output)
{
    private const int MostMegabytes = 64;
    private static readonly byte[] Message = Lines.Message("alice@example.com");

    [Fact]
    public async Task Whatever_a_next_hop_says_the_mail_is_safe_and_the_process_stays_small()
    {
        var liars = Liar.OfAllKinds();
        try
        {
            using var home = new GatewayHome();
            var routes = liars.Select(liar => $$"""{ "recipients": ["{{liar.Recipient}}"], "hosts": ["127.0.0.1:{{liar.NextHop.Port}}"] }""");
            home.Configure(Members.Join(Members.Senders, $"\"routes\": [{string.Join(",\n    ", routes)}]", "\"queue\": { \"retry\": [\"1s\"] }", "\"rules\": []"));

            await LieAsync(home, liars);
            liars.ForEach(liar => liar.IsHonest = true);

            // A new process knows nothing of how bad these next hops are, and tries them at once.
            await using var gateway = await GatewayProcess.StartAsync(home);
            await Eventually.TrueAsync(
                () => liars.TrueForAll(liar => liar.Delivered), wanted: "delivered by all but " + string.Join(", ", liars.Where(liar => !liar.Delivered)));

            // A lie in answer to the final dot costs a second copy, since nobody knows what became of the first; nothing else does.
            liars.Where(liar => liar.NextHop.Messages.Count > 1 + (liar.Point == "DOT" ? liar.Told : 0)).ShouldBeEmpty();
            liars.Where(liar => liar.NextHop.Messages.Any(message => !message.Content.AsSpan().EndsWith(Message))).ShouldBeEmpty();
        }
        finally
        {
            foreach (var liar in liars)
            {
                await liar.NextHop.DisposeAsync();
            }
        }
    }

    private async Task LieAsync(GatewayHome home, List<Liar> liars)
    {
        await using var gateway = await GatewayProcess.StartAsync(home);
        await using var dialog = await gateway.DialogAsync();
        var before = gateway.PeakMegabytes();

        foreach (var liar in liars)
        {
            var reply = await dialog.SendAsync("alice@example.com", [liar.Recipient], Message);
            reply.Code.ShouldBe(250, reply.Text);
        }

        await Eventually.TrueAsync(() => liars.TrueForAll(liar => liar.Told > 0), TimeSpan.FromSeconds(60));
        var after = gateway.PeakMegabytes();
        output.WriteLine($"{liars.Count} lies of {Liar.Megabytes(liars)} MB; peak memory {before} MB before, {after} MB after");
        (after - before).ShouldBeLessThan(MostMegabytes);
        (await gateway.TerminateAsync()).ShouldBe(0, gateway.Log);
        gateway.Log.ShouldNotContain(" ERR ");
    }
}
