using System.Globalization;
using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>
/// The usual place of the gateway: TLS demanded and verified towards the mail server and towards the provider. Recorders stand in both
/// connections and see what a capture would see.
/// </summary>
public sealed class TlsBothSidesTests(Judges judges) : IClassFixture<Judges>
{
    private const string User = "exchange";
    private const string Password = "a long password of many words";
    private readonly string _marker = $"confidential-{Guid.NewGuid():N}";

    [PostfixFact]
    public async Task What_Exchange_sends_by_AUTH_DSN_and_BDAT_arrives_behind_a_postfix_and_nothing_on_the_wires_is_readable()
    {
        await using var chain = await EncryptedChain.StartAsync(
            ", \"authentication\": { \"mode\": \"required\", \"users\": \"users.json\" }", $"\"senders\": [{{ \"address\": \"*@example.com\", \"users\": [\"{User}\"] }}]");
        await chain.AddUserAsync(User, Password);
        await using var exchange = await RawSmtpDialog.GreetAsync(chain.Front.Port);
        (await exchange.CommandAsync("MAIL FROM:<alice@example.com>")).Text.ShouldStartWith("530 5.7.0");
        (await exchange.StartTlsAsync(EncryptedChain.GatewayName)).Text.ShouldSatisfyAllConditions(
            offer => offer.ShouldContain("CHUNKING"), offer => offer.ShouldContain("DSN"), offer => offer.ShouldContain("SIZE "),
            offer => offer.ShouldContain("8BITMIME"), offer => offer.ShouldContain("LOGIN"), offer => offer.ShouldNotContain("STARTTLS"));
        (await exchange.CommandAsync("MAIL FROM:<alice@example.com>")).Code.ShouldBe(530);
        (await exchange.CommandAsync("AUTH LOGIN")).Code.ShouldBe(334);
        (await exchange.CommandAsync(Base64(User))).Code.ShouldBe(334);
        (await exchange.CommandAsync(Base64(Password))).Code.ShouldBe(235);

        // Exchange sends the whole transaction at once.
        var message = Lines.Message("alice@example.com", subject: _marker, body: $"Gr\u00fc\u00dfe, {_marker}\n");
        await exchange.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
            MAIL FROM:<alice@example.com> SIZE={message.Length} BODY=8BITMIME RET=HDRS ENVID=exchange+2B1 AUTH=<>
            RCPT TO:<bob@example.net> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;robert@example.net
            BDAT {message.Length} LAST

            """).ReplaceLineEndings("\r\n")), .. message]);
        for (var reply = 0; reply < 3; reply++)
        {
            (await exchange.ReadAsync()).Text.ShouldStartWith("250 ");
        }

        // One message, and Postfix's report that it went on to a server without DSN: it knows what Exchange asked for.
        var received = await chain.Sink.ReceivesAsync(2);
        await ShouldBeSignedAsync(received.Single(candidate => candidate.Recipients.Contains("bob@example.net")));
        var report = Encoding.UTF8.GetString(received.Single(candidate => candidate.From.Length == 0).Content);
        report.ShouldContain("Original-Envelope-Id: exchange+1");
        report.ShouldContain("robert@example.net");
        chain.ShouldBeUnreadable(_marker, "alice@example.com", "bob@example.net", Base64(User), Base64(Password));
    }

    [PostfixFact]
    public async Task A_postfix_that_demands_TLS_sends_through_the_gateway_to_a_postfix_that_does()
    {
        await using var chain = await EncryptedChain.StartAsync(string.Empty, Members.Senders);
        await using var client = await chain.StartClientAsync();
        await using var dialog = await RawSmtpDialog.GreetAsync(client.Port);

        for (var number = 0; number < 5; number++)
        {
            var reply = await dialog.SendAsync("alice@example.com", ["bob@example.net"], Lines.Message("alice@example.com", subject: _marker, body: _marker + "\n"));
            reply.Code.ShouldBe(250, reply.Text);
        }

        foreach (var message in await chain.Sink.ReceivesAsync(5))
        {
            await ShouldBeSignedAsync(message);
        }

        chain.ShouldBeUnreadable(_marker, "alice@example.com", "bob@example.net");
    }

    private async Task ShouldBeSignedAsync(CollectedMessage message)
    {
        var verdict = await judges.OpenSsl.JudgeAsync(message.Content);
        verdict.IsGoodFor("alice@example.com").ShouldBeTrue(verdict.Text);
        message.Field("Subject").ShouldBe(_marker);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
