using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>A gateway with two ways out: straight to a next hop, and through a Postfix to another.</summary>
public sealed class SmugglingChain : IAsyncLifetime, IDisposable
{
    private readonly GatewayHome _home = new();
    private readonly CollectingNextHop _behindGateway = new();
    private GatewayProcess? _gateway;
    private PostfixInstance? _postfix;

    /// <summary>One for each way out.</summary>
    public static IReadOnlyList<string> Recipients { get; } = ["bob@direct.example", "bob@example.net"];

    public CollectingNextHop BehindPostfix { get; } = new();

    public int PostfixPort => _postfix!.Port;

    /// <summary>The transaction that must stay content.</summary>
    public static string Inner(string from, string to = "inner@example.net") =>
        $"MAIL FROM:<{from}>\r\nRCPT TO:<{to}>\r\nDATA\r\nFrom: {from}\r\nSubject: inner\r\n\r\ninner\r\n.\r\n";

    public Task<RawSmtpDialog> DialogAsync() => RawSmtpDialog.GreetAsync(_home.Port);

    /// <summary>A dialog in which nothing but the content is left to send.</summary>
    public async Task<RawSmtpDialog> BeginAsync(string from, string? command = null, int? port = null)
    {
        var dialog = await RawSmtpDialog.GreetAsync(port ?? _home.Port);
        string[] commands = [$"MAIL FROM:<{from}>", .. Recipients.Select(recipient => $"RCPT TO:<{recipient}>"), .. command is null ? Array.Empty<string>() : [command]];
        foreach (var line in commands)
        {
            (await dialog.CommandAsync(line)).Code.ShouldBe(line == "DATA" ? 354 : 250, line);
        }

        return dialog;
    }

    /// <summary>Waits until all that was accepted is through, and looks at everything that came out.</summary>
    public async Task NothingInsideCameOutAsync()
    {
        var marker = $"{Guid.NewGuid():N}";
        await using var dialog = await DialogAsync();
        (await dialog.SendAsync("bert@example.com", [marker + "@direct.example", marker + "@example.net"], Lines.Message("bert@example.com"))).Code.ShouldBe(250);
        CollectingNextHop[] ends = [_behindGateway, BehindPostfix];
        await Eventually.TrueAsync(() => Array.TrueForAll(ends, end => end.Messages.Any(message => message.Recipients[0].StartsWith(marker, StringComparison.Ordinal))));
        await Eventually.TrueAsync(async () => (await GatewayProcess.CommandAsync(_home, "status", "--json")).Output.Contains("\"messages\": 0", StringComparison.Ordinal));

        foreach (var message in ends.SelectMany(end => end.Messages))
        {
            message.Recipients.ShouldNotContain("inner@example.net");
            FindDirt(message.Content).ShouldBeNull();
        }
    }

    public async Task InitializeAsync()
    {
        if (PostfixInstance.Obstacle is null)
        {
            _postfix = await PostfixInstance.StartAsync(BehindPostfix.Port);
            _home.Configure(Members.Join(
                Members.Senders,
                Members.Office(_home, TestPki.Issue("alice@example.com")),
                $$"""
                "routes": [
                  { "recipients": ["*@direct.example"], "hosts": ["127.0.0.1:{{_behindGateway.Port}}"] },
                  { "recipients": ["*"], "hosts": ["127.0.0.1:{{_postfix.Port}}"] } ],
                "queue": { "retry": ["1s"] },
                "rules": [
                  { "name": "pass bert", "when": { "sender": "bert@example.com" }, "pass": true },
                  { "name": "sign", "when": { "sender": "*@example.com" }, "sign": { "with": ["office"] } } ]
                """));
            _gateway = await GatewayProcess.StartAsync(_home);
        }
    }

    public async Task DisposeAsync()
    {
        await (_gateway?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_postfix?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _behindGateway.DisposeAsync();
        await BehindPostfix.DisposeAsync();
        Dispose();
    }

    public void Dispose() => _home.Dispose();

    private static string? FindDirt(ReadOnlySpan<byte> content)
    {
        var line = 0;
        for (var i = 0; i < content.Length; i++)
        {
            var isEnd = content[i] == (byte)'\r' && i + 1 < content.Length && content[i + 1] == (byte)'\n';
            if (content[i] is (byte)'\n' or (byte)'\r' or 0 && !isEnd)
            {
                return $"octet {content[i]} by itself at {i}";
            }

            line = isEnd ? 0 : line + 1;
            i += isEnd ? 1 : 0;
            if (line > 998)
            {
                return $"a line of more than 998 octets at {i}";
            }
        }

        return line == 0 ? null : "no line end at the end";
    }
}
