using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>A folder of certificates that is emptied while the gateway runs: an accident until the administrator says that it is meant.</summary>
public sealed class AcceptedLossTests : IDisposable
{
    private const string Waits = "451 4.4.3";
    private const string Refused = "550 5.7.5";

    private readonly GatewayHome _home = new();
    private readonly string _file;
    private readonly string _configuration = Members.Join(
        Members.Senders,
        "\"certificates\": { \"own\": [{ \"name\": \"office\", \"folder\": \"own\" }] }",
        "\"rules\": [{ \"name\": \"sign\", \"sign\": { \"with\": \"office\", \"whenMissing\": \"reject\" } }]",
        Members.Outbox);

    public AcceptedLossTests()
    {
        _file = Path.Combine(Directory.CreateDirectory(Path.Combine(_home.Folder, "own")).FullName, "alice.pem");
        TestPki.WritePem(_file, TestPki.Issue("alice@example.com"));
        _home.Configure(_configuration, logLevel: "information");
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Mail_waits_until_a_reload_is_asked_for_that_is_not_refused()
    {
        await using var gateway = await GatewayProcess.StartAsync(_home);
        (await AnswerAsync(gateway)).ShouldStartWith("250");

        File.Delete(_file);
        await AnswersAsync(gateway, Waits);
        await gateway.LogsAsync("it became empty: its last file went");

        // A configuration that is saved, well or badly, says nothing about files, and neither does a reload that is refused.
        _home.Configure(_configuration, "\"errors\": 7", logLevel: "information");
        await gateway.LogsAsync("limits.errors");
        File.WriteAllText(_home.ConfigurationFile, "{");
        await Signals.SendAsync(gateway.Id, "HUP");
        await gateway.LogsAsync("is not used: the last good one stays");
        (await AnswerAsync(gateway)).ShouldStartWith(Waits);

        _home.Configure(_configuration, "\"errors\": 7", logLevel: "information");
        await Signals.SendAsync(gateway.Id, "HUP");
        await AnswersAsync(gateway, Refused);
    }

    [Fact]
    public async Task Mail_is_signed_again_once_the_file_is_back_and_the_next_loss_waits_again()
    {
        await using var gateway = await GatewayProcess.StartAsync(_home);
        var content = File.ReadAllText(_file);
        File.Delete(_file);
        await AnswersAsync(gateway, Waits);

        File.WriteAllText(_file, content);
        await AnswersAsync(gateway, "250");
        await Signals.SendAsync(gateway.Id, "HUP");
        File.Delete(_file);

        await AnswersAsync(gateway, Waits);
    }

    private static async Task<string> AnswerAsync(GatewayProcess gateway) =>
        (await gateway.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"))).Text;

    private static Task AnswersAsync(GatewayProcess gateway, string start) =>
        Eventually.TrueAsync(async () => (await AnswerAsync(gateway)).StartsWith(start, StringComparison.Ordinal), wanted: start);
}
