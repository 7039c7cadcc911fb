using System.Text.Json;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>The queue of a running gateway in the hands of its administrator.</summary>
public sealed class QueueCommandTests : IAsyncLifetime, IDisposable
{
    private readonly GatewayHome _home = new();
    private readonly CollectingNextHop _nextHop = new();
    private GatewayProcess? _gateway;

    private GatewayProcess Gateway => _gateway!;

    public async Task InitializeAsync()
    {
        _nextHop.ReplyToRecipient = recipient => recipient.Contains("busy", StringComparison.Ordinal) ? "450 4.2.1 mailbox busy" : "250 2.1.5 taken";
        _home.Configure(
            Members.Join(
                Members.Senders,
                "\"rules\": []",
                $"\"routes\": [{{ \"recipients\": [\"*\"], \"hosts\": [\"127.0.0.1:{_nextHop.Port}\"] }}]",
                "\"queue\": { \"retry\": [\"1h\"] }"),
            logLevel: "information");
        _gateway = await GatewayProcess.StartAsync(_home);
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await _nextHop.DisposeAsync();
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Messages_are_listed_held_over_a_restart_released_and_retried()
    {
        var id = await DeferredAsync("busy@example.net");
        var other = await DeferredAsync("busy@example.org");

        var list = await RunAsync("queue", "list", "--recipient", "*@example.net");
        list.ExitCode.ShouldBe(0, list.Text);
        list.Output.ShouldContain(id);
        list.Output.ShouldContain("450 4.2.1 mailbox busy");
        list.Output.ShouldContain($"127.0.0.1:{_nextHop.Port}");
        list.Output.ShouldNotContain(other);

        (await RunAsync("queue", "hold", id)).Output.ShouldContain("1 message held.");
        await Gateway.TerminateAsync();
        await Gateway.DisposeAsync();
        _gateway = await GatewayProcess.StartAsync(_home);
        (await StateAsync(id)).ShouldBe("held");
        (await StateAsync(other)).ShouldBe("deferred");

        var status = await RunAsync("status");
        status.Output.ShouldContain("2 messages to 2 recipients (1 deferred, 1 held, 0 waiting for a certificate, 0 being delivered)");
        status.Output.ShouldContain($"127.0.0.1:{_nextHop.Port}");

        // A held message is not tried, whatever is asked of the queue.
        _nextHop.ReplyToRecipient = _ => "250 2.1.5 taken";
        var retry = await RunAsync("queue", "retry", id);
        retry.ExitCode.ShouldBe(1, retry.Text);
        retry.Output.ShouldContain("release it first");
        (await RunAsync("queue", "retry")).ExitCode.ShouldBe(0);
        (await _nextHop.ReceivesAsync(1))[0].Recipients.ShouldBe(["busy@example.org"]);

        (await RunAsync("queue", "release", id)).ExitCode.ShouldBe(0);
        (await RunAsync("queue", "retry", id)).ExitCode.ShouldBeOneOf(0, 1);
        (await _nextHop.ReceivesAsync(2))[1].Recipients.ShouldBe(["busy@example.net"]);
        await Eventually.TrueAsync(async () => (await RunAsync("queue", "list")).Output.Contains("No message waits.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_is_shown_with_its_header_and_without_its_body()
    {
        var id = await DeferredAsync("busy@example.net");

        var show = await RunAsync("queue", "show", id.ToLowerInvariant());

        show.ExitCode.ShouldBe(0, show.Text);
        show.Output.ShouldContain("From: alice@example.com");
        show.Output.ShouldContain("450 4.2.1 mailbox busy");
        show.Output.ShouldNotContain("the body of the message");
    }

    [Fact]
    public async Task A_removed_message_is_gone_and_the_log_says_who_did_it()
    {
        var id = await DeferredAsync("busy@example.net");

        (await RunAsync("queue", "remove")).ExitCode.ShouldBe(2);
        var remove = await RunAsync("queue", "remove", "--sender", "alice@*", "--older-than", "0s", "--json");

        remove.ExitCode.ShouldBe(0, remove.Text);
        JsonDocument.Parse(remove.Output).RootElement.GetProperty("ids")[0].GetString().ShouldBe(id);
        await Gateway.LogsAsync($"{id} removed without a report to anybody by user ");
        (await RunAsync("queue", "show", id)).ExitCode.ShouldBe(1);
        (await RunAsync("queue", "list", "--sender", "alice@*")).ExitCode.ShouldBe(1);
        (await RunAsync("queue", "list")).ExitCode.ShouldBe(0);
    }

    private Task<ToolRun> RunAsync(params string[] command) => GatewayProcess.CommandAsync(_home, command);

    private async Task<string> DeferredAsync(string recipient)
    {
        var reply = await Gateway.SendAsync(
            "alice@example.com", recipient, Lines.Crlf("From: alice@example.com\nSubject: hello\n\nthe body of the message\n"));
        reply.Code.ShouldBe(250, reply.Text);
        var id = reply.Text.Split(' ')[^1];
        await Gateway.LogsAsync(id + " deferred");
        return id;
    }

    private async Task<string> StateAsync(string id)
    {
        var show = await RunAsync("queue", "show", id, "--json");
        show.ExitCode.ShouldBe(0, show.Text);
        return JsonDocument.Parse(show.Output).RootElement.GetProperty("message").GetProperty("state").GetString()!;
    }
}
