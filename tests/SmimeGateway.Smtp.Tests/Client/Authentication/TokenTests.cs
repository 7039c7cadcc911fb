using SmimeGateway.Smtp.Client;
using SmimeGateway.Smtp.Client.Authentication;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client.Authentication;

public sealed class TokenTests
{
    private const string Json = """{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}""";

    private readonly List<bool> _asked = [];

    [Fact]
    public async Task A_token_is_shown_as_a_bearer_token()
    {
        await using var nextHop = Play("token-1");

        await using var session = await OpenSession.WithAsync(nextHop, null, SomeTls.Required, Credentials("token-1"));

        SomeLogin.Text(SomeLogin.AfterEhlo(nextHop).Single()["AUTH XOAUTH2 ".Length..]).ShouldBe("user=gateway@example.com\u0001auth=Bearer token-1\u0001\u0001");
        _asked.ShouldBe([false]);
    }

    [Fact]
    public void The_example_that_google_publishes_comes_out() =>
        Convert.ToBase64String(new XOAuth2Mechanism("someuser@example.com", "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg").Begin()).ShouldBe(
            "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ==");

    [Fact]
    public async Task A_refused_token_is_renewed_once()
    {
        await using var nextHop = Play("token-2");

        await using var session = await OpenSession.WithAsync(nextHop, null, SomeTls.Required, Credentials("token-1", "token-2"));

        _asked.ShouldBe([false, true]);
        SomeLogin.AfterEhlo(nextHop).Count(line => line.Length == 0).ShouldBe(1);
        nextHop.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task A_token_refused_twice_delays_with_the_servers_reason_and_without_the_token()
    {
        await using var nextHop = Play("another");

        var opening = await OpenSession.TryAsync(nextHop, null, SomeTls.Required, Credentials("token-1", "token-2", "token-3"));

        _asked.ShouldBe([false, true]);
        opening.Trouble.ShouldBe(new DeliveryStatus(
            DeliveryAction.Delayed, new EnhancedStatus(4, 7, 8), "Logging in to the next hop by XOAUTH2 failed: 535 5.7.8 Bad token", "mx.example.net"));
    }

    [Fact]
    public async Task A_server_that_hangs_up_after_a_refusal_has_still_refused()
    {
        await using var nextHop = SomeLogin.Offer("XOAUTH2", (verb, _) => verb == "AUTH" ? ScriptedReply.SayAndDrop("535 5.7.8 Bad token") : null);

        var opening = await OpenSession.TryAsync(nextHop, null, SomeTls.Required, Credentials("token-1", "token-2"));

        opening.Trouble!.Diagnostic.ShouldBe("Logging in to the next hop by XOAUTH2 failed: 535 5.7.8 Bad token");
        _asked.ShouldBe([false, true]);
    }

    [Fact]
    public async Task A_server_that_is_busy_does_not_cost_a_new_token()
    {
        await using var nextHop = SomeLogin.Offer("XOAUTH2", (verb, _) => verb == "AUTH" ? ScriptedReply.Say("454 4.7.0 Later") : null);

        var opening = await OpenSession.TryAsync(nextHop, null, SomeTls.Required, Credentials("token-1", "token-2"));

        _asked.ShouldBe([false]);
        opening.Trouble!.Status.ToString().ShouldBe("4.7.0");
    }

    [Fact]
    public async Task A_long_token_travels_on_a_line_of_its_own()
    {
        var token = new string('t', 3000);
        await using var nextHop = SomeLogin.Offer("XOAUTH2", (verb, _) => verb == "AUTH" ? ScriptedReply.Say("334 ") : null);

        await using var session = await OpenSession.WithAsync(nextHop, null, SomeTls.Required, Credentials(token));

        SomeLogin.AfterEhlo(nextHop).ShouldBe(["AUTH XOAUTH2", SomeLogin.Base64($"user=gateway@example.com\u0001auth=Bearer {token}\u0001\u0001")]);
    }

    [Fact]
    public async Task A_token_longer_than_any_server_takes_is_not_sent()
    {
        await using var nextHop = SomeLogin.Offer("XOAUTH2");

        var opening = await OpenSession.TryAsync(nextHop, null, SomeTls.Required, Credentials(new string('t', 10_000)));

        opening.Trouble!.Diagnostic.ShouldBe("Logging in to the next hop by XOAUTH2 failed: the password or token is longer than servers take.");
        SomeLogin.AfterEhlo(nextHop).ShouldBe(["QUIT"]);
    }

    [Fact]
    public async Task Without_a_token_the_reason_is_the_endpoints()
    {
        await using var nextHop = SomeLogin.Offer("XOAUTH2");
        var credentials = new ClientCredentials(
            ClientMechanism.XOAuth2, SomeLogin.User, null, (_, _) => throw new CredentialsUnavailableException("The token endpoint does not answer."));

        var opening = await OpenSession.TryAsync(nextHop, null, SomeTls.Required, credentials);

        opening.Trouble!.Diagnostic.ShouldBe("The token endpoint does not answer.");
        SomeLogin.AfterEhlo(nextHop).ShouldBe(["QUIT"]);
    }

    [Fact]
    public async Task A_shutdown_while_the_token_is_fetched_closes_the_connection()
    {
        await using var nextHop = SomeLogin.Offer("XOAUTH2");
        using var cancel = new CancellationTokenSource();
        var credentials = new ClientCredentials(ClientMechanism.XOAuth2, SomeLogin.User, null, async (_, cancellationToken) =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return "never";
        });

        await Should.ThrowAsync<OperationCanceledException>(() => OpenSession.TryAsync(nextHop, null, SomeTls.Required, credentials, cancel.Token));

        await Eventually.TrueAsync(() => nextHop.OpenConnections == 0);
    }

    private static ScriptedNextHop Play(string accepted) => SomeLogin.Offer("PLAIN XOAUTH2", (verb, line) => verb switch
    {
        "AUTH" when SomeLogin.Text(line["AUTH XOAUTH2 ".Length..]).Contains($"Bearer {accepted}\u0001", StringComparison.Ordinal) => null,
        "AUTH" => ScriptedReply.Say("334 " + SomeLogin.Base64(Json)),
        "RESPONSE" => ScriptedReply.Say("535 5.7.8 Bad token"),
        _ => null,
    });

    private ClientCredentials Credentials(params string[] tokens)
    {
        var next = 0;
        return new ClientCredentials(ClientMechanism.Auto, SomeLogin.User, null, (isRenewed, _) =>
        {
            _asked.Add(isRenewed);
            return ValueTask.FromResult(tokens[next++]);
        });
    }
}
