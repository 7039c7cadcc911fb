using SmimeGateway.EndToEnd.Reports;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary><c>kill -9</c> while held messages are being released. KILLS=50 in the environment makes a long run.</summary>
public sealed class HeldKillTests(ITestOutputHelper output)
{
    private const int Connections = 4;

    [Fact]
    public async Task Each_held_message_leaves_encrypted_and_none_is_lost()
    {
        var kills = Setting.Number("KILLS") ?? 3;
        var count = kills * 40;
        string[] recipients = [.. Enumerable.Range(0, count).Select(number => $"user{number}@example.net")];
        await using var nextHop = new CollectingNextHop();
        using var home = new GatewayHome();
        Directory.CreateDirectory(home.Folder + "/partners");
        home.Configure(Members.Join(
            Members.Senders,
            """
            "certificates": { "partners": [{ "name": "partners", "folder": "partners", "accept": "all" }] },
            "rules": [{ "name": "confidential", "when": { "sender": "*" }, "encrypt": { "to": ["partners"], "whenMissing": "hold" } }],
            "queue": { "retry": ["30m"] }
            """,
            $$"""
            "routes": [{ "recipients": ["*"], "hosts": ["127.0.0.1:{{nextHop.Port}}"], "connections": {{Connections}} }]
            """));
        var gateway = await GatewayProcess.StartAsync(home);
        try
        {
            await using (var dialog = await gateway.DialogAsync())
            {
                foreach (var recipient in recipients)
                {
                    var reply = await dialog.SendAsync("alice@example.com", [recipient], Lines.Crlf($"From: alice@example.com\nSubject: hello\n\nThe secret of {recipient}.\n"));
                    reply.Code.ShouldBe(250, reply.Text);
                }
            }

            var random = new Random(kills);
            File.WriteAllText(home.Folder + "/partners/all.pem", TestPki.MakeCertificatePem(recipients.Select(recipient => TestPki.Issue(recipient))));
            for (var kill = 0; kill < kills; kill++)
            {
                var target = Math.Min(count - 1, nextHop.Messages.Count + random.Next(1, 40));
                await Eventually.TrueAsync(() => nextHop.Messages.Count >= target);
                await gateway.KillAsync();
                await gateway.DisposeAsync();
                gateway = await GatewayProcess.StartAsync(home);
            }

            await QueueSight.EmptiesAsync(home);
        }
        finally
        {
            await gateway.DisposeAsync();
        }

        var delivered = nextHop.Messages.GroupBy(message => message.Recipients.Single()).ToDictionary(copies => copies.Key, copies => copies.Count());
        output.WriteLine($"{kills} kills: {count} held, {delivered.Count} delivered, {nextHop.Messages.Count - delivered.Count} duplicates");
        delivered.Keys.ShouldBe(recipients, ignoreOrder: true);
        nextHop.Messages.Any(message => message.Content.AsSpan().IndexOf("secret"u8) >= 0).ShouldBeFalse();
        (nextHop.Messages.Count - count).ShouldBeLessThanOrEqualTo(kills * Connections, "only what was under way to the next hop is sent again");
    }
}
