using System.Text;
using SmimeGateway.EndToEnd.Interop;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Ecosystem;

/// <summary>SmtpServer as the gateway's next hop; and why it is not its listener, in tests that a version which mends it would fail.</summary>
public sealed class SmtpServerTests(Judges judges) : IClassFixture<Judges>
{
    private const string Envelope = "MAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@example.net>\r\nDATA\r\n";

    [Fact]
    public async Task It_takes_what_the_gateway_signed_and_the_signatures_verify()
    {
        await using var server = new SmtpServerInstance();
        using var home = new GatewayHome();
        home.Configure(Members.Join(Members.Senders, Members.Office(home, TestPki.Issue("alice@example.com")), Members.SignAll(), Members.Relay(server.Port)));
        await using var gateway = await GatewayProcess.StartAsync(home);

        // Sizes of all kinds, so that ends of data fall anywhere in its reads.
        for (var number = 0; number < 30; number++)
        {
            var text = string.Concat(Enumerable.Repeat($"line {number}\n..\n", 1 + (number * number)));
            var reply = await gateway.SendAsync("alice@example.com", "bob@example.net", Lines.Message("alice@example.com", subject: $"{number}", body: text));
            reply.Code.ShouldBe(250, reply.Text);
        }

        await Eventually.TrueAsync(() => server.Messages.Count >= 30);
        server.Messages.Count.ShouldBe(30);
        foreach (var (content, _) in server.Messages)
        {
            var verdict = await judges.OpenSsl.JudgeAsync(content);
            verdict.IsGoodFor("alice@example.com").ShouldBeTrue(verdict.Text);
        }
    }

    [Fact]
    public async Task It_never_answers_an_empty_message_and_the_gateway_does()
    {
        await using var server = new SmtpServerInstance();
        using var home = Passing();
        await using var gateway = await GatewayProcess.StartAsync(home);

        (await AnswersAsync(server.Port, ".\r\n")).ShouldBeFalse();
        (await AnswersAsync(home.Port, ".\r\n")).ShouldBeTrue();
    }

    [Fact]
    public async Task It_does_not_find_an_end_of_data_that_comes_in_three_pieces_and_the_gateway_does()
    {
        await using var server = new SmtpServerInstance();
        using var home = Passing();
        await using var gateway = await GatewayProcess.StartAsync(home);
        // Its buffers have 4,096 octets and are left once fewer than 1,024 are free: only there does each read get a buffer of its own.
        string[] pieces = ["From: alice@example.com\r\n\r\n" + new string('x', 4000) + "\r", "\n.", "\r\n"];

        (await AnswersAsync(server.Port, pieces)).ShouldBeFalse();
        (await AnswersAsync(home.Port, pieces)).ShouldBeTrue();
    }

    [Fact]
    public async Task It_drops_the_parameters_of_RCPT_so_that_no_report_could_be_asked_for()
    {
        await using var server = new SmtpServerInstance();
        await using var dialog = await RawSmtpDialog.GreetAsync(server.Port);
        (await dialog.CommandAsync("MAIL FROM:<alice@example.com> ENVID=abc")).Code.ShouldBe(250);
        (await dialog.CommandAsync("RCPT TO:<bob@example.net> NOTIFY=NEVER ORCPT=rfc822;bob@example.net")).Code.ShouldBe(250);
        (await dialog.CommandAsync("DATA")).Code.ShouldBe(354);
        await dialog.WriteAsync(Encoding.ASCII.GetBytes("Subject: a\r\n\r\ntext\r\n.\r\n"));
        (await dialog.ReadAsync()).Code.ShouldBe(250);

        server.Messages.Single().Parameters.Keys.ShouldBe(["ENVID"]);
    }

    private static GatewayHome Passing() => new GatewayHome().Configure(
        Members.Join(Members.Senders, "\"rules\": [{ \"name\": \"pass\", \"when\": { \"sender\": \"*\" }, \"pass\": true }]", Members.Outbox));

    /// <summary>
    /// Sends a message in these pieces, each after the server has read the one before; false when it has not answered by the time that it
    /// answered three whole transactions which began later.
    /// </summary>
    private static async Task<bool> AnswersAsync(int port, params string[] pieces)
    {
        await using var dialog = await RawSmtpDialog.GreetAsync(port);
        foreach (var command in Envelope.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            (await dialog.CommandAsync(command)).Code.ShouldBeOneOf(250, 354);
        }

        foreach (var piece in pieces)
        {
            await dialog.WriteAsync(Encoding.ASCII.GetBytes(piece));
            await TransactAsync(port);
        }

        var answer = dialog.ReadAsync();
        for (var i = 0; i < 3 && !answer.IsCompleted; i++)
        {
            await TransactAsync(port);
        }

        return answer.IsCompleted && (await answer).Code >= 200;
    }

    private static async Task TransactAsync(int port)
    {
        await using var dialog = await RawSmtpDialog.GreetAsync(port);
        (await dialog.SendAsync("alice@example.com", ["bob@example.net"], Lines.Message("alice@example.com"))).Code.ShouldBe(250);
    }
}
