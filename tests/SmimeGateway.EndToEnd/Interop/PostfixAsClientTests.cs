using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>The usual installation: a mail server uses the gateway as its smarthost.</summary>
public sealed class PostfixAsClientTests(Judges judges) : IClassFixture<Judges>
{
    [PostfixFact]
    public async Task A_postfix_that_relays_through_the_gateway_has_its_mail_signed()
    {
        using var home = new GatewayHome();
        home.Configure(Members.Join(Members.Senders, Members.Office(home, TestPki.Issue("alice@example.com")), Members.SignAll(), Members.Outbox));
        await using var gateway = await GatewayProcess.StartAsync(home);
        await using var postfix = await PostfixInstance.StartAsync(home.Port);
        await using var dialog = await RawSmtpDialog.GreetAsync(postfix.Port);

        for (var number = 1; number <= 3; number++)
        {
            var reply = await dialog.SendAsync("alice@example.com", ["bob@example.net", "carol@example.net"], Lines.Message("alice@example.com", subject: $"{number}"));
            reply.Code.ShouldBe(250, reply.Text);
        }

        await Eventually.TrueAsync(() => home.OutboxMessages().Count == 3);
        foreach (var message in home.OutboxMessages())
        {
            var verdict = await judges.OpenSsl.JudgeAsync(message);
            verdict.IsGoodFor("alice@example.com").ShouldBeTrue(verdict.Text);
        }
    }
}
