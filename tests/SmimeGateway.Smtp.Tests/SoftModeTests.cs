namespace SmimeGateway.Smtp.Tests;

public sealed class SoftModeTests
{
    private static readonly SmtpServerOptions Soft = SomeServer.Options with { IsSoft = true };

    [Fact]
    public async Task What_is_refused_about_the_mail_is_refused_for_now()
    {
        var policy = SomeServer.Collect([]) with { HandleMessage = (_, _) => ValueTask.FromResult(SmtpReply.OneLine(554, new EnhancedStatus(5, 7, 5), "no certificate")) };
        await using var dialog = await InMemoryDialog.GreetAsync(Soft, policy);

        (await dialog.ExchangeAsync("MAIL FROM:<refused@example.com>")).ShouldStartWith("450-4.7.1 client not allowed\n450 4.7.1 soft mode; else 550 5.7.1");
        (await dialog.ExchangeAsync("MAIL FROM:<alice@example.com> SIZE=100001")).ShouldStartWith("452-4.3.4 ");
        await dialog.ExchangeAsync("MAIL FROM:<alice@example.com>");
        (await dialog.ExchangeAsync("BDAT 0")).ShouldStartWith("451-4.5.1 ");
        (await dialog.ExchangeAsync("RSET")).ShouldStartWith("250 ");
        await dialog.ExchangeAsync("MAIL FROM:<alice@example.com>");
        (await dialog.ExchangeAsync("RCPT TO:<refused@example.com>")).ShouldStartWith("450-4.1.2 ");
        (await dialog.ExchangeAsync("RCPT TO:<\u00fc@example.com>")).ShouldStartWith("450-4.6.7 ");
        await dialog.ExchangeAsync("RCPT TO:<bob@example.net>");
        (await dialog.ExchangeAsync("DATA")).ShouldStartWith("354 ");
        (await dialog.ExchangeAsync("a\r\n.")).ShouldStartWith("451-4.7.5 no certificate\n451 4.7.5 soft mode; else 554 5.7.5");
        await dialog.ExchangeAsync("MAIL FROM:<alice@example.com>");
        await dialog.ExchangeAsync("RCPT TO:<bob@example.net>");
        await dialog.ExchangeAsync("DATA");
        (await dialog.ExchangeAsync("a\nb\r\n.")).ShouldStartWith("451-4.6.11 ");
    }

    [Theory]
    [InlineData("BAD", "500 5.5.1 ")]
    [InlineData("MAIL FROM:alice", "501 5.1.7 ")]
    [InlineData("MAIL FROM:<a@example.com> RET=ALL", "501 5.5.4 ")]
    [InlineData("MAIL FROM:<a@example.com> X=1", "555 5.5.4 ")]
    [InlineData("DATA", "503 5.5.1 ")]
    public async Task What_is_wrong_with_a_command_stays_wrong(string command, string reply)
    {
        await using var dialog = await InMemoryDialog.GreetAsync(Soft);

        (await dialog.ExchangeAsync(command)).ShouldStartWith(reply);
    }

    [Fact]
    public async Task A_refused_sender_is_still_an_error_of_the_client()
    {
        await using var dialog = await InMemoryDialog.GreetAsync(Soft with { MaxErrors = 1 });

        await dialog.SendAsync("MAIL FROM:<refused@example.com>\r\nMAIL FROM:<refused@example.com>\r\n");

        (await dialog.RestAsync()).ShouldContain("\r\n421 4.7.0 ");
    }
}
