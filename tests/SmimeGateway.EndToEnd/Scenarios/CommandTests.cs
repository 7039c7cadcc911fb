using System.Text.Json;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary>The command line of the real executable: exit codes, and JSON that is JSON.</summary>
public sealed class CommandTests : IDisposable
{
    private static readonly string[] Trial = ["--from", "alice@example.com", "--to", "bob@example.net"];
    private readonly GatewayHome _home = new();

    public CommandTests()
    {
        _home.Configure(Members.Join(Members.Senders, Members.Office(_home, TestPki.Issue("alice@example.com")), Members.SignAll(), Members.Outbox));
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Check_accepts_a_good_configuration_and_tells_the_days_left()
    {
        var run = await GatewayProcess.CommandAsync(_home, "check");

        run.ExitCode.ShouldBe(0, run.Text);
        run.Output.ShouldContain("alice@example.com");
        run.Output.ShouldContain("left");
    }

    [Theory]
    [InlineData("check")]
    [InlineData("test", "--from", "alice@example.com", "--to", "bob@example.net")]
    [InlineData("test", "--all-rules")]
    [InlineData("explain", "--from", "alice@example.com", "--to", "bob@example.net")]
    [InlineData("cert", "list")]
    public async Task With_json_a_command_prints_json_and_nothing_else(params string[] command)
    {
        var run = await GatewayProcess.CommandAsync(_home, [.. command, "--json"]);

        run.ExitCode.ShouldBe(0, run.Text);
        using var json = JsonDocument.Parse(run.Output);
        json.RootElement.ValueKind.ShouldBeOneOf(JsonValueKind.Object, JsonValueKind.Array);
    }

    [Fact]
    public async Task Check_says_no_to_a_configuration_that_cannot_work()
    {
        File.Delete(_home.Folder + "/office.pfx");

        var run = await GatewayProcess.CommandAsync(_home, "check");

        run.ExitCode.ShouldBe(1, run.Text);
        run.Text.ShouldContain("office.pfx");
    }

    [Fact]
    public async Task Run_refuses_a_configuration_with_an_unknown_key_and_names_its_place()
    {
        _home.Configure("\"ruels\": []");

        var run = await GatewayProcess.CommandAsync(_home, "run");

        run.ExitCode.ShouldBe(2, run.Text);
        run.Text.ShouldContain("ruels");
    }

    [Fact]
    public async Task An_unknown_command_is_wrong_usage()
    {
        var run = await GatewayProcess.CommandAsync(_home, "frobnicate");

        run.ExitCode.ShouldBe(2, run.Text);
    }

    [Fact]
    public async Task Test_writes_a_message_that_verify_accepts()
    {
        var file = _home.Folder + "/out.eml";
        var test = await GatewayProcess.CommandAsync(_home, ["test", .. Trial, "--out", file]);
        test.ExitCode.ShouldBe(0, test.Text);
        _home.Write("root.pem", TestPki.MakeCertificatePem(TestPki.Public(TestPki.Root)));
        _home.Configure(Members.Join(
            Members.Senders,
            Members.Office(_home, TestPki.Issue("alice@example.com")).Replace("] }", "], \"trust\": { \"roots\": [\"root.pem\"] } }", StringComparison.Ordinal),
            Members.SignAll(),
            Members.Outbox));

        var verify = await GatewayProcess.CommandAsync(_home, "verify", file);

        verify.ExitCode.ShouldBe(0, verify.Text);
        verify.Output.ShouldContain("alice@example.com");
    }

    [Fact]
    public async Task Verify_says_no_to_a_message_that_was_changed()
    {
        var file = _home.Folder + "/out.eml";
        (await GatewayProcess.CommandAsync(_home, ["test", .. Trial, "--out", file])).ExitCode.ShouldBe(0);
        var message = await File.ReadAllBytesAsync(file);
        var place = SignedParts.Of(message).SignedContent!.Length - 3;
        var start = message.AsSpan().IndexOf(SignedParts.Of(message).SignedContent);
        message[start + place] ^= 1;
        await File.WriteAllBytesAsync(file, message);

        var verify = await GatewayProcess.CommandAsync(_home, "verify", file);

        verify.ExitCode.ShouldBe(1, verify.Text);
    }

    [Fact]
    public async Task Test_all_rules_tells_the_rule_and_the_certificate()
    {
        var run = await GatewayProcess.CommandAsync(_home, "test", "--all-rules");

        run.ExitCode.ShouldBe(0, run.Text);
        run.Output.ShouldContain("bounces pass");
        run.Output.ShouldContain("office");
    }

    [Theory]
    [InlineData("verify", ".", "is a folder")]
    [InlineData("decrypt", ".", "is a folder")]
    [InlineData("verify", "missing.eml", "does not exist")]
    [InlineData("decrypt", "missing.eml", "does not exist")]
    public async Task A_file_that_is_none_is_told_once_as_what_it_is(string command, string file, string what)
    {
        var run = await GatewayProcess.CommandAsync(_home, command, file);

        run.ExitCode.ShouldBe(2, run.Text);
        var path = Path.GetFullPath(file, _home.Folder).TrimEnd('/');
        run.Errors.Split(path).Length.ShouldBe(2, run.Errors);
        run.Errors.ShouldContain(what);
        run.Errors.ShouldNotContain("denied");
    }

    [Fact]
    public async Task An_address_that_the_authority_does_not_issue_for_is_refused_with_the_remedy()
    {
        _home.Configure(Members.Join(
            Members.Senders,
            "\"certificates\": { \"own\": [{ \"name\": \"local\", \"authority\": \"ca\", \"issueFor\": [\"*@example.com\"] }] }",
            "\"rules\": []",
            Members.Outbox));

        var run = await GatewayProcess.CommandAsync(_home, "cert", "issue", "bob@example.net");

        run.ExitCode.ShouldBe(1, run.Text);
        run.Errors.ShouldContain("add it to \"issueFor\" of this source");
    }

    [Fact]
    public async Task Test_without_addresses_is_wrong_usage()
    {
        var run = await GatewayProcess.CommandAsync(_home, "test");

        run.ExitCode.ShouldBe(2, run.Text);
    }

    [Fact]
    public async Task Status_answers_while_the_gateway_runs_and_says_so_when_it_does_not()
    {
        await using (var gateway = await GatewayProcess.StartAsync(_home))
        {
            (await gateway.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com"))).Code.ShouldBe(250);

            var running = await GatewayProcess.CommandAsync(_home, "status", "--json");

            running.ExitCode.ShouldBe(0, running.Text);
            running.Output.ShouldContain("gateway.example.com");
            (await gateway.TerminateAsync()).ShouldBe(0, gateway.Log);
        }

        var stopped = await GatewayProcess.CommandAsync(_home, "status");
        stopped.ExitCode.ShouldBe(3, stopped.Text);
    }

    [Fact]
    public async Task Cert_issue_makes_a_certificate_from_the_built_in_authority()
    {
        _home.Configure(Members.Join(
            Members.Senders,
            "\"certificates\": { \"own\": [{ \"name\": \"office\", \"authority\": \"ca\", \"issueFor\": [\"*@example.com\"] }] }",
            Members.SignAll(),
            Members.Outbox));

        var issue = await GatewayProcess.CommandAsync(_home, "cert", "issue", "dora@example.com");

        issue.ExitCode.ShouldBe(0, issue.Text);
        var list = await GatewayProcess.CommandAsync(_home, "cert", "list");
        list.Output.ShouldContain("dora@example.com");
    }
}
