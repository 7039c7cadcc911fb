using System.Text.Json;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Encryption;

/// <summary>One run of the script, shared by all tests that judge it.</summary>
public sealed class FourRecipientsRun : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private FourRecipientsResult _result = new([], []);

    /// <summary>Everything the script said, for messages of failed assertions.</summary>
    public string Output { get; private set; } = string.Empty;

    /// <summary>Files of the gateway in which text that had to be encrypted was found while mail was held.</summary>
    public IReadOnlyList<string> PlainOnDisk => _result.PlainOnDisk;

    public FourRecipientsCombination Find(string whenMissing, string blindCopies) =>
        _result.Combinations.Single(combination => combination.WhenMissing == whenMissing && combination.BlindCopies == blindCopies);

    public async Task InitializeAsync()
    {
        var script = Path.Combine(Repository.Root, "tests/SmimeGateway.EndToEnd/Encryption/four-recipients/run");
        var run = await Tool.RunAsync("python3", [script, "--json", "--gateway", Repository.GatewayExecutable]);
        Output = run.Text;
        run.ExitCode.ShouldBe(0, Output);
        _result = JsonSerializer.Deserialize<FourRecipientsResult>(run.OutputBytes, Json)!;
    }

    public Task DisposeAsync() => Task.CompletedTask;
}

/// <summary>What the script prints.</summary>
public sealed record FourRecipientsResult(IReadOnlyList<FourRecipientsCombination> Combinations, IReadOnlyList<string> PlainOnDisk);

/// <summary>What became of the message of one combination.</summary>
public sealed record FourRecipientsCombination(
    string WhenMissing, string BlindCopies, string Reply, IReadOnlyList<FourRecipientsMessage> Messages, IReadOnlyList<FourRecipientsEntry> Queued);

/// <summary>A message that reached the next hop.</summary>
public sealed record FourRecipientsMessage(string Kind, IReadOnlyList<string> To, IReadOnlyList<string> Names)
{
    /// <summary>Whose certificates the recipient infos name.</summary>
    public IReadOnlyList<string> RecipientInfos { get; init; } = [];

    /// <summary>Whose keys decrypt it.</summary>
    public IReadOnlyList<string> Readers { get; init; } = [];

    /// <summary>Whom a report says it did not reach.</summary>
    public IReadOnlyList<string> Failed { get; init; } = [];
}

/// <summary>A message in the queue while mail was held.</summary>
public sealed record FourRecipientsEntry(string State, IReadOnlyList<string> Recipients);
