using System.Diagnostics;
using System.Globalization;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.EndToEnd.Reports;

/// <summary>
/// A next hop that refuses everybody. <c>STORM=10000</c> for as many recipients as a bad day has; with <c>STORM_RECIPIENTS=1</c> beside it
/// every one of them costs a report of its own, whose rate is printed.
/// </summary>
public sealed class RefusalStormTests(ITestOutputHelper output)
{
    private const int Clients = 10;

    private static readonly int Recipients = Number("STORM", 2000);
    private static readonly int RecipientsEach = Number("STORM_RECIPIENTS", 100);

    [Fact]
    public async Task Every_refusal_is_reported_once_and_nobody_hears_of_what_was_not_to_be_reported()
    {
        await using var nextHop = new CollectingNextHop
        {
            ReplyToRecipient = address => address == "alice@example.com" ? "250 2.1.5 fine" : "550 5.1.1 no such user here",
        };
        using var home = new GatewayHome();
        home.Configure(Members.Join(Members.Senders, "\"rules\": []", Members.Relay(nextHop.Port)), logLevel: "information");
        await using var gateway = await GatewayProcess.StartAsync(home);
        var recipients = Enumerable.Range(0, Recipients).Select(number => $"r{number}@example.net").ToList();
        var watch = Stopwatch.StartNew();

        await Task.WhenAll(
        [
            .. recipients.Chunk(RecipientsEach).Index().GroupBy(message => message.Index % Clients, message => message.Item)
                .Select(messages => SendAsync(gateway, "alice@example.com", string.Empty, messages)),
            SendAsync(gateway, string.Empty, string.Empty, Unreported("null").Chunk(RecipientsEach)),
            SendAsync(gateway, "alice@example.com", " NOTIFY=NEVER", Unreported("never").Chunk(RecipientsEach)),
            SendAsync(gateway, "alice@example.com", " NOTIFY=SUCCESS,DELAY", Unreported("success").Chunk(RecipientsEach)),
        ]);
        var reports = (Recipients + RecipientsEach - 1) / RecipientsEach;
        await nextHop.ReceivesAsync(reports, TimeSpan.FromSeconds(120));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Recipients} refusals, {reports} reports in {watch.Elapsed.TotalSeconds:0.0} s: {reports / watch.Elapsed.TotalSeconds:0} reports a second"));
        await QueueSight.EmptiesAsync(home);

        nextHop.Messages.Count.ShouldBe(reports);
        nextHop.Messages.ShouldAllBe(message => message.From.Length == 0 && message.Recipients.Single() == "alice@example.com");
        var statuses = nextHop.Messages.SelectMany(ReportedStatus.ReadAll).ToList();
        statuses.Select(status => status.Recipient).Order(StringComparer.Ordinal).ShouldBe(recipients.Order(StringComparer.Ordinal));
        statuses.ShouldAllBe(status => status.Action == "failed" && status.Status == "5.1.1" && status.Diagnostic == "550 5.1.1 no such user here");
    }

    private static IEnumerable<string> Unreported(string name) => Enumerable.Range(0, 200).Select(number => $"{name}{number}@example.net");

    private static async Task SendAsync(GatewayProcess gateway, string from, string parameters, IEnumerable<string[]> messages)
    {
        await using var dialog = await gateway.DialogAsync();
        foreach (var recipients in messages)
        {
            await dialog.CommandAsync($"MAIL FROM:<{from}>");
            foreach (var recipient in recipients)
            {
                var taken = await dialog.CommandAsync($"RCPT TO:<{recipient}>{parameters}");
                taken.Code.ShouldBe(250, taken.Text);
            }

            await dialog.CommandAsync("DATA");
            await dialog.WriteAsync(DotStuffing.Stuff(Lines.Message("alice@example.com")));
            var reply = await dialog.ReadAsync();
            reply.Code.ShouldBe(250, reply.Text);
        }
    }

    private static int Number(string name, int usual) =>
        Environment.GetEnvironmentVariable(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
}
