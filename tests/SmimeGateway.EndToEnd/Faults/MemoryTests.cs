using System.Globalization;
using System.Text;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>What the process takes in all, beside what it takes idle: the configured memory and a quarter of it.</summary>
public sealed class MemoryTests(ITestOutputHelper output)
{
    private const string Pass = """ "rules": [{ "name": "pass", "pass": true }] """;

    [Fact]
    public async Task Large_messages_that_wait_for_a_slow_next_hop_wait_on_the_disk()
    {
        const int Memory = 64;
        const int Messages = 24;
        using var home = new GatewayHome();
        await using var nextHop = new StallingNextHop();
        home.Configure(Members.Join($"\"memory\": \"{Memory}MB\"", Members.Senders, Members.Relay(nextHop.Port, connections: Messages + 6), Pass));
        await using var gateway = await GatewayProcess.StartAsync(home);
        var idle = gateway.PeakMegabytes();
        var message = Message(20_000_000);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var i = 0; i < Messages / 4; i++)
            {
                await using var dialog = await gateway.DialogAsync();
                (await dialog.SendAsync("alice@example.com", ["bob@example.net"], message, $" SIZE={message.Length}")).Code.ShouldBe(250);
            }
        }));
        await Eventually.TrueAsync(() => nextHop.Stalled == Messages, TimeSpan.FromSeconds(120));

        Holds(gateway, idle, Memory);
    }

    [Fact]
    public Task Copies_for_blind_recipients_are_made_one_after_the_other_where_all_of_them_would_be_too_many() =>
        SendBlindAsync(memory: 128, sign: string.Empty);

    [Fact]
    public Task Copies_for_blind_recipients_that_would_exceed_all_of_the_memory_are_taken_all_the_same() =>
        SendBlindAsync(memory: 96, sign: """ "sign": { "with": ["office"] }, """);

    [Fact]
    public Task Many_clients_with_many_blind_recipients_need_no_more_than_a_few() =>
        SendBlindAsync(memory: 64, sign: """ "sign": { "with": ["office"] }, """, clients: 24, blind: 20);

    private async Task SendBlindAsync(int memory, string sign, int clients = 8, int blind = 55)
    {
        string[] recipients = [.. Enumerable.Range(0, blind).Select(number => $"blind{number}@example.net")];
        using var home = new GatewayHome();
        var partner = TestPki.IssueFor(recipients, keyOwner: "bob");
        home.Configure(Members.Join(
            $"\"memory\": \"{memory}MB\"",
            Members.Senders,
            Members.OfficeAndPartners(home, TestPki.Issue("alice@example.com"), partner),
            Members.Outbox,
            $$""" "rules": [{ "name": "encrypt", {{sign}}"encrypt": { "to": ["partners"], "whenMissing": "reject" } }] """));
        await using var gateway = await GatewayProcess.StartAsync(home);
        var idle = gateway.PeakMegabytes();
        var message = Message(1_500_000);

        var replies = await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            await using var dialog = await gateway.DialogAsync();
            return await dialog.SendAsync("alice@example.com", recipients, message, $" SIZE={message.Length}");
        }));

        replies.ShouldAllBe(reply => reply.Code == 250);
        await Eventually.TrueAsync(() => Directory.GetFiles(home.Outbox, "*.eml").Length == clients * recipients.Length, TimeSpan.FromSeconds(60));
        Holds(gateway, idle, memory);
    }

    private void Holds(GatewayProcess gateway, int idle, int memory)
    {
        var peak = gateway.PeakMegabytes();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"idle {idle} MB, memory {memory} MB, peak {peak} MB"));
        peak.ShouldBeLessThanOrEqualTo(idle + (memory * 5 / 4));
    }

    private static byte[] Message(int bytes)
    {
        const string line = "A line of no interest that is there to make the message long enough.\r\n";
        return Encoding.ASCII.GetBytes(
            "From: alice@example.com\r\nTo: undisclosed-recipients:;\r\nSubject: large\r\n\r\n" + string.Concat(Enumerable.Repeat(line, bytes / line.Length)));
    }
}
