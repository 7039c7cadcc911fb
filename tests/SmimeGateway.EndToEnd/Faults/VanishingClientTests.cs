using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>Clients that vanish in the middle of a message, and mail that goes in circles (rows D1 and D9 of the fault catalogue).</summary>
public sealed class VanishingClientTests : IDisposable
{
    // VANISH=10000 for the whole row; a few hundred find what ten thousand would.
    private static readonly int Clients = int.Parse(Environment.GetEnvironmentVariable("VANISH") ?? "200", CultureInfo.InvariantCulture);

    private readonly GatewayHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Nothing_is_kept_of_messages_whose_clients_vanish()
    {
        _home.Configure(Members.Join(Members.Senders, Members.Outbox), logLevel: "warning");
        await using var gateway = await GatewayProcess.StartAsync(_home);
        (await gateway.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"))).Code.ShouldBe(250);
        await Eventually.TrueAsync(() => _home.OutboxMessages().Count == 1);
        var before = Files();

        await Parallel.ForAsync(0, Clients, new ParallelOptions { MaxDegreeOfParallelism = 20 }, VanishAsync);

        // A message that comes now is the only one that is there.
        (await gateway.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"))).Code.ShouldBe(250);
        await Eventually.TrueAsync(() => _home.OutboxMessages().Count == 2);
        Files().ShouldBe(before);
        var status = await GatewayProcess.CommandAsync(_home, "status", "--json");
        using var json = System.Text.Json.JsonDocument.Parse(status.Output);
        json.RootElement.GetProperty("queue").GetProperty("messages").GetInt32().ShouldBe(0);
        json.RootElement.GetProperty("messages").GetProperty("accepted").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Mail_that_comes_back_to_us_is_stopped_at_the_third_visit()
    {
        _home.Configure(Members.Join("\"senders\": [{ \"address\": \"*\" }]", Members.Relay(_home.Port)));
        await using var gateway = await GatewayProcess.StartAsync(_home);

        (await gateway.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"))).Code.ShouldBe(250);

        await gateway.LogsAsync("554 5.4.6");

        // The report about it goes in circles, too, and nobody is told that a report failed.
        await Eventually.TrueAsync(async () => (await GatewayProcess.CommandAsync(_home, "status", "--json")) is { ExitCode: 0 } status && IsQueueEmpty(status.Output));
        gateway.Log.Split('\n').Count(line => line.Contains("refused 554 5.4.6", StringComparison.Ordinal)).ShouldBeInRange(1, 2);
    }

    [Fact]
    public async Task A_message_with_more_than_a_hundred_trace_fields_is_refused()
    {
        _home.Configure(Members.Join(Members.Senders, Members.Outbox));
        await using var gateway = await GatewayProcess.StartAsync(_home);
        var trace = string.Concat(Enumerable.Repeat("Received: from a by b; Fri, 20 Nov 2026 12:00:00 +0000\r\n", 100));

        var reply = await gateway.SendAsync("alice@example.com", "bob@example.net", Encoding.ASCII.GetBytes(trace).Concat(Lines.Message("alice@example.com")).ToArray());

        reply.Text.ShouldStartWith("554 5.4.6 ");
    }

    private static bool IsQueueEmpty(string status)
    {
        using var json = System.Text.Json.JsonDocument.Parse(status);
        return json.RootElement.GetProperty("queue").GetProperty("messages").GetInt32() == 0;
    }

    private List<string> Files() =>
        [.. Directory.EnumerateFiles(_home.DataFolder, "*", SearchOption.AllDirectories).Where(file => !file.Contains("/outbox/", StringComparison.Ordinal) && !file.Contains("/logs/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private async ValueTask VanishAsync(int number, CancellationToken cancellationToken)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, _home.Port, cancellationToken);
        var begin = "EHLO c\r\nMAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@example.net>\r\nDATA\r\nFrom: alice@example.com\r\n\r\n";
        var text = begin + string.Concat(Enumerable.Repeat("line\r\n", number * 97 % 3000)) + (number % 3 == 0 ? "\r\n." : string.Empty);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);

        // Some close, some are cut, some are cut before we read a word.
        if (number % 2 == 0)
        {
            client.Client.LingerState = new LingerOption(true, 0);
        }
        else
        {
            await client.GetStream().ReadAtLeastAsync(new byte[4], 4, cancellationToken: cancellationToken);
        }
    }
}
