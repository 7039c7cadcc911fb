using System.Security.Authentication;
using SmimeGateway.Smtp.Sasl;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests;

public sealed class StartTlsTests
{
    private static readonly SmtpServerOptions Offered = SomeServer.Options with { Tls = SessionOffer.Offered };
    private static readonly SmtpServerOptions Required = SomeServer.Options with { Tls = SessionOffer.Required, Authentication = SessionOffer.Offered };

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task A_message_travels_under_TLS_in_a_session_that_began_anew()
    {
        await using var dialog = await GreetAsync(Offered);

        (await dialog.ExchangeAsync("EHLO plain.example.com")).ShouldEndWith("\n250 STARTTLS");
        (await dialog.ExchangeAsync("STARTTLS")).ShouldBe("220 2.0.0 ready for TLS");
        await dialog.SecureAsync();

        (await dialog.ExchangeAsync("MAIL FROM:<alice@example.com>")).ShouldStartWith("503 5.5.1 ");
        (await dialog.ExchangeAsync("EHLO secure.example.com")).ShouldNotContain("STARTTLS");
        (await dialog.ExchangeAsync("STARTTLS")).ShouldStartWith("503 5.5.1 ");
        await dialog.ExchangeAsync("MAIL FROM:<alice@example.com>");
        await dialog.ExchangeAsync("RCPT TO:<bob@example.net>");
        await dialog.SendAsync($"BDAT 50000\r\n{new string('x', 50_000)}BDAT 2 LAST\r\n\r\n");
        (await dialog.ReplyAsync()).ShouldStartWith("250 ");
        (await dialog.ReplyAsync()).ShouldStartWith("250 ");
        (await dialog.ExchangeAsync("QUIT")).ShouldStartWith("221 ");

        (await Eventually.EndsAsync(dialog.Ended)).ShouldBe(SessionEnd.Quit);
        var message = dialog.Messages.ShouldHaveSingleItem();
        message.Content.Length.ShouldBe(50_002);
        (message.Session.HeloName, message.Session.Tls).ShouldBe(("secure.example.com", SomeTls.Facts));
    }

    [Theory]
    [InlineData("NOOP\r\n")]
    [InlineData("EHLO eve\r\nMAIL FROM:<eve@example.com>\r\nRCPT TO:<victim@example.net>\r\nDATA\r\n")]
    [InlineData("QU")]
    [InlineData("BDAT 1000 LAST\r\n")]
    [InlineData("\0\r\n\n")]
    public async Task What_arrives_with_STARTTLS_is_said_by_nobody(string injected)
    {
        await using var dialog = await GreetAsync(Offered);
        await dialog.ExchangeAsync("EHLO client.example.com");

        (await dialog.ExchangeAsync("STARTTLS\r\n" + injected.TrimEnd('\n').TrimEnd('\r'))).ShouldStartWith("220 ");
        await dialog.SecureAsync();

        (await dialog.ExchangeAsync("NOOP one")).ShouldStartWith("250 2.0.0 ");
        (await dialog.ExchangeAsync("MAIL FROM:<alice@example.com>")).ShouldStartWith("503 5.5.1 ");
        (await dialog.ExchangeAsync("QUIT")).ShouldStartWith("221 ");
        dialog.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_injected_behind_the_go_ahead_breaks_the_handshake_and_is_never_carried_out()
    {
        await using var dialog = await GreetAsync(Offered);
        await dialog.ExchangeAsync("EHLO client.example.com");
        await dialog.ExchangeAsync("STARTTLS");

        await dialog.SendAsync("MAIL FROM:<eve@example.com>\r\nRCPT TO:<victim@example.net>\r\n");

        (await dialog.RestAsync()).ShouldNotContain("250");
        (await dialog.Ended).ShouldBe(SessionEnd.HandshakeFailed);
    }

    [Theory]
    [InlineData(typeof(AuthenticationException), false)]
    [InlineData(typeof(IOException), false)]
    [InlineData(typeof(InvalidOperationException), true)]
    public async Task A_handshake_that_fails_ends_the_session(Type failure, bool isOurs)
    {
        var observer = new CollectingObserver();
        var policy = SomeServer.Collect([]) with { StartTls = (_, _) => throw (Exception)Activator.CreateInstance(failure)!, Observer = observer };
        await using var dialog = await InMemoryDialog.GreetAsync(Offered, policy);

        await dialog.ExchangeAsync("STARTTLS");

        (await dialog.Ended).ShouldBe(SessionEnd.HandshakeFailed);
        observer.Ends.ShouldBe([SessionEnd.HandshakeFailed]);
        observer.Failures.Count.ShouldBe(isOurs ? 1 : 0);
    }

    [Fact]
    public async Task A_client_that_does_not_shake_hands_is_left()
    {
        await using var dialog = await GreetAsync(Offered);
        await dialog.ExchangeAsync("EHLO client.example.com");
        await dialog.ExchangeAsync("STARTTLS");

        await _time.AdvanceUntilAsync(dialog.Ended, TimeSpan.FromSeconds(31));

        (await dialog.Ended).ShouldBe(SessionEnd.HandshakeFailed);
    }

    [Fact]
    public async Task The_clock_watches_the_secured_connection()
    {
        await using var dialog = await SecuredAsync();
        await dialog.ExchangeAsync("NOOP");

        var farewell = dialog.ReplyAsync();
        await _time.AdvancePatientlyAsync(farewell, Offered.IdleTimeout + TimeSpan.FromSeconds(1));

        (await farewell).ShouldStartWith("421 4.4.2 ");
        (await Eventually.EndsAsync(dialog.Ended)).ShouldBe(SessionEnd.TimedOut);
    }

    [Fact]
    public async Task A_secured_session_is_drained_when_its_transaction_is_over()
    {
        await using var dialog = await SecuredAsync();
        await dialog.ExchangeAsync("EHLO client.example.com");
        await dialog.ExchangeAsync("MAIL FROM:<alice@example.com>");

        await dialog.DrainAsync();
        (await dialog.ExchangeAsync("RCPT TO:<bob@example.net>")).ShouldStartWith("250 ");
        (await dialog.ExchangeAsync("BDAT 0 LAST")).ShouldStartWith("250 ");

        (await dialog.ReplyAsync()).ShouldStartWith("421 4.3.2 ");
        (await Eventually.EndsAsync(dialog.Ended)).ShouldBe(SessionEnd.Drained);
    }

    [Fact]
    public async Task TLS_that_cannot_begin_is_refused_for_now()
    {
        await using var dialog = await InMemoryDialog.GreetAsync(Offered);

        (await dialog.ExchangeAsync("STARTTLS")).ShouldStartWith("454 4.7.0 ");
        (await dialog.ExchangeAsync("NOOP")).ShouldStartWith("250 ");
    }

    [Fact]
    public async Task STARTTLS_has_its_place()
    {
        await using var dialog = await GreetAsync(Offered);

        (await dialog.ExchangeAsync("STARTTLS")).ShouldStartWith("503 5.5.1 ");
        await dialog.ExchangeAsync("EHLO client.example.com");
        (await dialog.ExchangeAsync("STARTTLS now")).ShouldStartWith("501 5.5.4 ");
        await dialog.ExchangeAsync("MAIL FROM:<alice@example.com>");
        (await dialog.ExchangeAsync("STARTTLS")).ShouldStartWith("503 5.5.1 ");
    }

    [Theory]
    [InlineData("HELO a", "530 5.7.0")]
    [InlineData("MAIL FROM:<a@example.com>", "530 5.7.0")]
    [InlineData("RCPT TO:<a@example.com>", "530 5.7.0")]
    [InlineData("DATA", "530 5.7.0")]
    [InlineData("BDAT 0 LAST", "530 5.7.0")]
    [InlineData("RSET", "530 5.7.0")]
    [InlineData("VRFY a", "530 5.7.0")]
    [InlineData("HELP", "530 5.7.0")]
    [InlineData("AUTH PLAIN AGEAYg==", "530 5.7.0")]
    [InlineData("NOOP", "250 2.0.0")]
    [InlineData("EHLO b", "250-gatew")]
    [InlineData("QUIT", "221 2.0.0")]
    [InlineData("XYZZY", "500 5.5.1")]
    public async Task Where_TLS_is_required_nothing_else_goes_on_before_it(string command, string reply)
    {
        await using var dialog = await GreetAsync(Required);
        (await dialog.ExchangeAsync("EHLO client.example.com")).ShouldNotContain("AUTH");

        (await dialog.ExchangeAsync(command)).ShouldStartWith(reply);
    }

    [Fact]
    public async Task A_session_that_begins_under_TLS_needs_no_other()
    {
        await using var dialog = new InMemoryDialog(Required, SomeServer.Collect([]), identity: SomeServer.Identity with { Tls = SomeTls.Facts });
        await dialog.ReplyAsync();

        (await dialog.ExchangeAsync("EHLO client.example.com")).ShouldEndWith("\n250 AUTH SCRAM-SHA-256 PLAIN LOGIN");
        (await dialog.ExchangeAsync("MAIL FROM:<a@example.com>")).ShouldStartWith("250 ");
    }

    [Fact]
    public async Task Who_logged_in_before_TLS_is_nobody_after_it()
    {
        var users = new SmtpAuthentication { FindUser = _ => new FoundUser(ScramCredentials.Create("pencil", 4096)) };
        var policy = SomeServer.Collect([]) with { StartTls = SomeTls.PretendAsync, Authentication = users };
        await using var dialog = new InMemoryDialog(Offered with { Authentication = SessionOffer.Required }, policy);
        await dialog.ReplyAsync();
        await dialog.ExchangeAsync("EHLO client.example.com");
        (await ScramClient.LogInAsync(dialog, "user", "pencil")).ShouldStartWith("235 ");

        await dialog.ExchangeAsync("STARTTLS");
        await dialog.ExchangeAsync("EHLO client.example.com");

        (await dialog.ExchangeAsync("MAIL FROM:<a@example.com>")).ShouldStartWith("530 5.7.0 ");
    }

    private async Task<InMemoryDialog> GreetAsync(SmtpServerOptions options)
    {
        var dialog = new InMemoryDialog(options, time: _time, policyOf: messages => SomeServer.Collect(messages) with { StartTls = SomeTls.ServeAsync });
        (await dialog.ReplyAsync()).ShouldStartWith("220 ");
        return dialog;
    }

    private async Task<InMemoryDialog> SecuredAsync()
    {
        var dialog = await GreetAsync(Offered);
        await dialog.ExchangeAsync("EHLO client.example.com");
        await dialog.ExchangeAsync("STARTTLS");
        await dialog.SecureAsync();
        return dialog;
    }
}
