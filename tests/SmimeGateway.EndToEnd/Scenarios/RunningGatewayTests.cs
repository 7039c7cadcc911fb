using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using SmimeGateway.EndToEnd.Faults;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>What commands see and change of a gateway that runs, through its socket.</summary>
public sealed class RunningGatewayTests : IAsyncLifetime, IDisposable
{
    private readonly GatewayHome _home = new();
    private GatewayProcess? _gateway;

    private GatewayProcess Gateway => _gateway!;

    public async Task InitializeAsync()
    {
        _home.Configure(Members.Join(Members.Senders, "\"rules\": []", Members.Outbox), logLevel: "information");
        _gateway = await GatewayProcess.StartAsync(_home);
    }

    public async Task DisposeAsync() => await Gateway.DisposeAsync();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task The_log_level_changes_and_returns_by_itself()
    {
        (await RunAsync("log", "level")).Output.Trim().ShouldBe("information");

        (await RunAsync("log", "level", "debug", "--for", "2s")).Output.ShouldContain("then information");
        (await SendAsync()).Code.ShouldBe(250);
        await Gateway.LogsAsync(" DBG MessagePath: ");

        await Gateway.LogsAsync("The log level is Information again");
        var state = await RunAsync("log", "level", "--json");
        JsonDocument.Parse(state.Output).RootElement.GetProperty("level").GetString().ShouldBe("information");
        Gateway.Log.ShouldContain("chosen by user ");
    }

    [Theory]
    [InlineData("log", "level", "loud")]
    [InlineData("log", "level", "debug", "--for", "ages")]
    [InlineData("log", "level", "--for", "15m")]
    [InlineData("log", "tail", "--lines", "1000000")]
    public async Task What_makes_no_sense_is_wrong_usage(params string[] command)
    {
        var run = await RunAsync(command);

        run.ExitCode.ShouldBe(2, run.Text);
        run.Errors.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task The_log_can_be_read_along_and_that_does_not_hold_up_the_end()
    {
        var (tail, read) = Follow("tail", "--lines", "100");
        var (json, readJson) = Follow("json", "--json", "--level", "warning", "--lines", "100");
        await Eventually.TrueAsync(() => read().Contains(" listens: ", StringComparison.Ordinal));
        (await SendAsync()).Code.ShouldBe(250);
        (await RunAsync("log", "level", "warning")).ExitCode.ShouldBe(0);
        (await RunAsync("log", "tail")).Output.ShouldContain("accepted");
        await Eventually.TrueAsync(() => read().Contains("accepted", StringComparison.Ordinal) && readJson().Contains("chosen by", StringComparison.Ordinal));

        (await Gateway.TerminateAsync()).ShouldBe(0, Gateway.Log);

        await Eventually.EndsAsync(Task.WhenAll(tail, json));
        var line = readJson().Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem();
        JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!.ShouldContain("chosen by");
    }

    [Fact]
    public async Task A_gateway_that_works_is_healthy()
    {
        (await RunAsync("health")).ExitCode.ShouldBe(0);
        (await RunAsync("health", "--live")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task The_socket_answers_while_the_configuration_has_errors()
    {
        _home.Write("smimegateway.json", "{ nonsense");

        (await RunAsync("status")).ExitCode.ShouldBe(2);
        (await RunAsync("status", "--socket", _home.DataFolder + "/admin.sock")).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n", 404)]
    [InlineData("DELETE /status HTTP/1.1\r\nHost: x\r\n\r\n", 405)]
    [InlineData("POST /log/level HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n{]}", 400)]
    [InlineData("POST /log/level HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nnull", 400)]
    [InlineData("POST /log/level HTTP/1.1\r\nHost: x\r\nContent-Length: 35\r\n\r\n{\"level\":\"debug\",\"for\":\"2s\",\"x\":\"\"}", 400)]
    [InlineData("POST /log/level HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n", 413)]
    public async Task A_request_that_is_not_understood_gets_a_sentence(string request, int status)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_home.DataFolder + "/admin.sock"));
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        var reply = new StringBuilder();
        var buffer = new byte[4096];
        await Eventually.TrueAsync(async () =>
        {
            reply.Append(Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer)));
            return reply.ToString().Contains("\"}", StringComparison.Ordinal);
        });

        reply.ToString().ShouldStartWith($"HTTP/1.1 {status} ");
        reply.ToString().ShouldContain("{\"error\":\"");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Nobody_else_may_use_the_socket_not_even_before_it_is_ready()
    {
        await Gateway.TerminateAsync();
        var trace = _home.Folder + "/trace";
        await using (var traced = await GatewayProcess.StartAsync(_home, "strace", "-D", "-f", "-qq", "-o", trace, "-e", "trace=fchmod,chmod,bind"))
        {
            File.GetUnixFileMode(_home.DataFolder + "/admin.sock").ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await traced.TerminateAsync();
        }

        var calls = SystemCallTrace.Read(trace);
        var bind = calls.Single(call => call.Name == "bind" && call.Arguments.Contains("admin.sock", StringComparison.Ordinal));
        var descriptor = bind.Arguments[..bind.Arguments.IndexOf(',', StringComparison.Ordinal)];
        calls.ShouldContain(call => call.Name == "fchmod" && call.Arguments == descriptor + ", 0600" && call.End <= bind.Start);
        File.Exists(_home.DataFolder + "/admin.sock").ShouldBeFalse();
    }

    /// <summary>Reads the log along: what ends when the gateway does, and what was read so far.</summary>
    private (Task<ToolRun> Reading, Func<string> Read) Follow(string name, params string[] options)
    {
        var file = _home.Write(name, "");
        string[] command = [Repository.GatewayExecutable, "log", "tail", "--follow", .. options, "--config", _home.ConfigurationFile];
        var reading = Tool.RunAsync("/bin/bash", ["-c", "exec \"$@\" > \"$0\"", file, .. command], folder: _home.Folder);
        return (reading, () => File.ReadAllText(file));
    }

    private Task<ToolRun> RunAsync(params string[] command) => GatewayProcess.CommandAsync(_home, command);

    private Task<RawReply> SendAsync() => Gateway.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"));
}
