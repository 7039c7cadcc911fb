using System.Text;
using System.Text.Json;
using SmimeGateway.EndToEnd.Interop;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Scenarios;

/// <summary><c>send</c>: the first signed mail without any other tool, and what it says when there is none.</summary>
public sealed class SendCommandTests(Judges judges) : IClassFixture<Judges>, IDisposable
{
    private readonly GatewayHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task It_sends_through_the_gateway_and_shows_the_dialogue_and_what_leaves_is_signed()
    {
        Configure();
        var file = _home.Write("plan.txt", "at nine\n");
        await using var gateway = await GatewayProcess.StartAsync(_home);

        var run = await GatewayProcess.CommandAsync(
            _home, "send", "--from", "alice@example.com", "--to", "bob@example.net", "--to", "carol@example.net", "--subject", "Gr\u00fc\u00dfe", "--attach", file);

        run.ExitCode.ShouldBe(0, run.Text);
        run.Output.ShouldContain("-> RCPT TO:<carol@example.net>");
        run.Output.ShouldContain("-> (the message and its final dot, ");
        run.Output.ShouldContain("<- 250 2.0.0 queued as ");
        run.Output.ShouldContain("\nAccepted: 2.0.0 queued as ");
        run.Output.ShouldNotContain("at nine");
        await Eventually.TrueAsync(() => _home.OutboxMessages().Count == 1);
        var verdict = await judges.OpenSsl.JudgeAsync(_home.OutboxMessages()[0]);
        verdict.IsGoodFor("alice@example.com").ShouldBeTrue(verdict.Text);
        Encoding.UTF8.GetString(_home.OutboxMessages()[0]).ShouldContain("plan.txt");
    }

    [Fact]
    public async Task What_the_gateway_refuses_is_a_no_with_its_words()
    {
        Configure();
        await using var gateway = await GatewayProcess.StartAsync(_home);

        var run = await GatewayProcess.CommandAsync(_home, "send", "--from", "mallory@other.example", "--to", "bob@example.net", "--json");

        run.ExitCode.ShouldBe(1, run.Text);
        using var answer = JsonDocument.Parse(run.Output);
        answer.RootElement.GetProperty("isAccepted").GetBoolean().ShouldBeFalse();
        answer.RootElement.GetProperty("reply").GetString()!.ShouldStartWith("Refused: 550 5.7.1 ");
        answer.RootElement.GetProperty("dialogue").GetArrayLength().ShouldBeGreaterThan(3);
    }

    [Fact]
    public async Task One_refused_recipient_keeps_it_from_none_of_the_others()
    {
        await using var hop = new CollectingNextHop { ReplyToRecipient = address => address == "gone@example.net" ? "550 5.1.1 \u001b[31mno such user" : "250 2.1.5 taken" };
        Configure();

        var run = await GatewayProcess.CommandAsync(_home, "send", "--from", "a@example.com", "--to", "gone@example.net", "--to", "bob@example.net", "--through", $"127.0.0.1:{hop.Port}");

        run.ExitCode.ShouldBe(0, run.Text);
        run.Output.ShouldContain("not for gone@example.net");
        run.Output.ShouldNotContain('\u001b');
        hop.Messages.Single().Recipients.ShouldBe(["bob@example.net"]);
    }

    [Fact]
    public async Task A_password_is_never_shown_and_never_goes_over_a_plain_connection()
    {
        await using var hop = new CollectingNextHop { ReplyToLogin = _ => "235 2.7.0 in", TakesPlain = true };
        Configure();
        var password = _home.Write("erp.password", "correct-horse\n");

        var run = await GatewayProcess.CommandAsync(
            _home, "send", "--from", "a@example.com", "--to", "b@example.net", "--through", $"127.0.0.1:{hop.Port}", "--user", "erp", "--password-file", password);

        run.ExitCode.ShouldBe(1, run.Text);
        run.Text.ShouldContain("A password goes over TLS alone.");
        hop.Logins.ShouldBeEmpty();

        _home.Configure(Members.Join("\"senders\": [{ \"address\": \"*@example.com\", \"users\": [\"erp\"] }]", Members.Outbox), listener:
            ", \"tls\": { \"mode\": \"required\", \"certificate\": \"gateway.pem\" }, \"authentication\": { \"mode\": \"required\" }");
        TestPki.WritePem(_home.Folder + "/gateway.pem", TestServers.Server("gateway.example.com"), chain: TestPki.Chain);
        (await GatewayProcess.CommandAsync(_home, "user", "add", "erp", "--password-file", password)).ExitCode.ShouldBe(0);
        await using var gateway = await GatewayProcess.StartAsync(_home);
        run = await GatewayProcess.CommandAsync(_home, "send", "--from", "a@example.com", "--to", "b@example.net", "--user", "erp", "--password-file", password);

        run.ExitCode.ShouldBe(0, run.Text);
        run.Text.ShouldContain("-> AUTH SCRAM-SHA-256 ****");
        run.Text.ShouldNotContain("correct-horse");

        // As though the gateway were off, and somebody else had the port of the listener.
        using var shown = TestServers.SelfSigned("gateway.example.com");
        await using var stranger = new CollectingNextHop { ReplyToLogin = _ => "235 2.7.0 in", Tls = new NextHopTls(shown) };
        _home.Configure(Members.Join("\"senders\": [{ \"address\": \"*@example.com\", \"users\": [\"erp\"] }]", Members.Outbox), listeners:
            $"{{ \"name\": \"internal\", \"endpoint\": \"127.0.0.1:{stranger.Port}\", \"tls\": {{ \"mode\": \"required\", \"certificate\": \"gateway.pem\" }}, \"authentication\": {{ \"mode\": \"required\" }} }}");

        run = await GatewayProcess.CommandAsync(_home, "send", "--from", "a@example.com", "--to", "b@example.net", "--user", "erp", "--password-file", password);

        run.ExitCode.ShouldBe(1, run.Text);
        run.Text.ShouldContain("Whoever answers shows another certificate than that of the listener");
        stranger.Logins.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_told_with_what_is_wrong_with_it()
    {
        Configure();
        using var certificate = TestServers.SelfSigned("mx.example.net");
        await using var hop = new CollectingNextHop { Tls = new NextHopTls(certificate) };

        var run = await GatewayProcess.CommandAsync(
            _home, "send", "--from", "a@example.com", "--to", "b@example.net", "--through", $"127.0.0.1:{hop.Port}", "--tls", "required");

        run.ExitCode.ShouldBe(1, run.Text);
        run.Output.ShouldContain("The certificate of 127.0.0.1 (");
        run.Output.ShouldContain(") is not trusted: it does not name 127.0.0.1; ");
        run.Output.ShouldContain("Write a name in --through that it has. Give this machine the root of its authority (update-ca-certificates)");
        SentenceFlaws.In(run.Output.Split('\n').Single(line => line.Contains("is not trusted", StringComparison.Ordinal))).ShouldBeEmpty();
        hop.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_that_does_not_begin_with_TLS_is_told_so()
    {
        Configure();
        await using var hop = new CollectingNextHop();

        var run = await GatewayProcess.CommandAsync(
            _home, "send", "--from", "a@example.com", "--to", "b@example.net", "--through", $"127.0.0.1:{hop.Port}", "--tls", "implicit");

        run.ExitCode.ShouldBe(1, run.Text);
        run.Output.ShouldMatch("Not accepted. No TLS was agreed on: [^.]+\\. Where the server does not begin with TLS, write --tls required\\.");
    }

    [Fact]
    public async Task A_server_that_repeats_the_password_does_not_get_it_shown()
    {
        using var certificate = TestServers.Server("gateway.example.com");
        var repeated = 0;
        await using var hop = new CollectingNextHop
        {
            ReplyToLogin = login => ++repeated % 2 == 0 ? $"535 5.7.8 not {login.Secret}" : "535-5.7.8 AGVycABjb3JyZWN0LWhvcnNl\r\n535 5.7.8 no",
            TakesPlain = true,
            Tls = new NextHopTls(certificate),
        };
        TestPki.WritePem(_home.Folder + "/gateway.pem", certificate, chain: TestPki.Chain);
        var password = _home.Write("erp.password", "correct-horse\n");
        _home.Configure(Members.Join("\"senders\": [{ \"address\": \"*@example.com\", \"users\": [\"erp\"] }]", Members.Outbox), listeners:
            $"{{ \"name\": \"internal\", \"endpoint\": \"127.0.0.1:{hop.Port}\", \"tls\": {{ \"mode\": \"required\", \"certificate\": \"gateway.pem\" }}, \"authentication\": {{ \"mode\": \"required\" }} }}");

        foreach (var more in new string[][] { [], ["--json"], [] })
        {
            var run = await GatewayProcess.CommandAsync(
                _home, ["send", "--from", "a@example.com", "--to", "b@example.net", "--user", "erp", "--password-file", password, .. more]);

            run.ExitCode.ShouldBe(1, run.Text);
            run.Text.ShouldContain("repeats the password and is not shown");
            run.Text.ShouldNotContain("correct-horse");
            run.Text.ShouldNotContain("AGVycABjb3JyZWN0LWhvcnNl");
        }

        hop.Logins.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(3, "cannot be reached: Connection refused. Start the gateway with `smimegateway run`.", "--from", "a@example.com", "--to", "b@example.net")]
    [InlineData(2, "nobody is not a mail address.", "--from", "nobody", "--to", "b@example.net")]
    [InlineData(2, "There is no listener \"dmz\". There are: internal. For another server write HOST:PORT.", "--from", "a@example.com", "--to", "b@example.net", "--through", "dmz")]
    [InlineData(2, "mx:smtp has no port between 1 and 65535. Write HOST:PORT, such as mx.example.net:25.", "--from", "a@example.com", "--to", "b@example.net", "--through", "mx:smtp")]
    [InlineData(2, "/none/such cannot be attached: it does not exist", "--from", "a@example.com", "--to", "b@example.net", "--attach", "/none/such")]
    [InlineData(2, "/dev/zero cannot be attached: it is a pipe, a socket or a device, and no file", "--from", "a@example.com", "--to", "b@example.net", "--attach", "/dev/zero")]
    [InlineData(2, "/tmp cannot be attached: it is a folder, and no file.", "--from", "a@example.com", "--to", "b@example.net", "--attach", "/tmp")]
    [InlineData(2, "--password-file says nothing without --user: name who logs in, or leave it out.", "--from", "a@example.com", "--to", "b@example.net", "--password-file", "p")]
    [InlineData(2, "--attach is empty: is a variable of the shell not set?", "--from", "a@example.com", "--to", "b@example.net", "--attach", "")]
    public async Task Mistakes_are_told_in_a_sentence(int exitCode, string sentence, params string[] arguments)
    {
        Configure();

        var run = await GatewayProcess.CommandAsync(_home, ["send", .. arguments]);

        run.ExitCode.ShouldBe(exitCode, run.Text);
        run.Text.ReplaceLineEndings(" ").ShouldContain(sentence);
    }

    private void Configure() => _home.Configure(Members.Join(Members.Senders, Members.Office(_home, TestPki.Issue("alice@example.com")), Members.SignAll(), Members.Outbox));
}
