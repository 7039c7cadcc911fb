using SmimeGateway.Smtp.Sasl;

namespace SmimeGateway.Smtp.Tests;

public sealed class AuthenticationTests
{
    private static readonly ScramCredentials Pencil = ScramCredentials.Create("pencil", ScramCredentials.MinIterations);
    private static readonly SmtpServerOptions Offered = SomeServer.Options with { Authentication = SessionOffer.Offered };
    private static readonly SmtpServerOptions Required = SomeServer.Options with { Authentication = SessionOffer.Required };

    private readonly List<(string User, string Mechanism, bool IsIn)> _attempts = [];
    private readonly CollectingObserver _observer = new();
    private readonly List<ReceivedMessage> _messages = [];

    [Theory]
    [InlineData("n,,")]
    [InlineData("y,,")]
    [InlineData("n,a=user,")]
    public async Task SCRAM_lets_a_user_in_and_the_session_knows_who_it_is(string header)
    {
        await using var dialog = await TalkAsync(Required, isSecured: false);
        (await dialog.ExchangeAsync("MAIL FROM:<alice@example.com>")).ShouldStartWith("530 5.7.0 authentication required");

        (await ScramClient.LogInAsync(dialog, "user", "pencil", header)).ShouldBe("235 2.7.0 authentication succeeded");

        await dialog.ExchangeAsync("MAIL FROM:<alice@example.com> AUTH=alice+2Bx@example.com");
        await dialog.ExchangeAsync("RCPT TO:<bob@example.net>");
        await dialog.ExchangeAsync("BDAT 0 LAST");
        _messages.ShouldHaveSingleItem().Session.User.ShouldBe("user");
        _attempts.ShouldBe([("user", "SCRAM-SHA-256", true)]);
    }

    [Fact]
    public async Task A_name_with_escaped_characters_is_understood()
    {
        await using var dialog = await TalkAsync(Offered, isSecured: false);

        (await ScramClient.LogInAsync(dialog, "a=2Cb=3Dc", "pencil")).ShouldStartWith("535 ");

        _attempts.ShouldBe([("a,b=c", "SCRAM-SHA-256", false)]);
    }

    [Theory]
    [InlineData("p=tls-unique,,n=user,r=abc", "501 5.5.2")]
    [InlineData("n,a=other,n=user,r=abc", "334 ")]
    [InlineData("n,b=user,n=user,r=abc", "501 5.5.2")]
    [InlineData("n,,m=ext,n=user,r=abc", "501 5.5.2")]
    [InlineData("n,,n=,r=abc", "501 5.5.2")]
    [InlineData("n,,n=us=er,r=abc", "501 5.5.2")]
    [InlineData("n,,n=us\rer,r=abc", "501 5.5.2")]
    [InlineData("n,,n=user,r=", "501 5.5.2")]
    [InlineData("n,,n=user,r=a b", "501 5.5.2")]
    [InlineData("n,,n=user", "501 5.5.2")]
    [InlineData("x,,n=user,r=abc", "501 5.5.2")]
    [InlineData("", "501 5.5.2")]
    public async Task The_first_message_of_SCRAM_is_read_to_the_letter(string message, string reply)
    {
        await using var dialog = await TalkAsync(Offered, isSecured: false);
        (await dialog.ExchangeAsync("AUTH SCRAM-SHA-256")).ShouldBe("334 ");

        (await dialog.ExchangeAsync(ScramClient.Encode(message))).ShouldStartWith(reply);
    }

    [Theory]
    [InlineData("user", "pencil", "n,a=other,")]
    [InlineData("user", "crayon", "n,,")]
    [InlineData("nobody", "pencil", "n,,")]
    [InlineData("USER", "pencil", "n,,")]
    public async Task SCRAM_refuses_everybody_else_alike(string user, string password, string header)
    {
        await using var dialog = await TalkAsync(Offered, isSecured: false);

        (await ScramClient.LogInAsync(dialog, user, password, header)).ShouldBe("535 5.7.8 authentication failed");

        _attempts.ShouldBe([(user, "SCRAM-SHA-256", false)]);
        (await dialog.ExchangeAsync("NOOP")).ShouldStartWith("250 ");
    }

    [Fact]
    public async Task A_proof_for_another_channel_or_another_nonce_is_refused()
    {
        await using var dialog = await TalkAsync(Offered, isSecured: false);
        var proof = ",p=" + Convert.ToBase64String(new byte[32]);

        foreach (var final in new[] { "c=eSws,r=abc", "c=biws,r=abc" })
        {
            (await dialog.ExchangeAsync("AUTH SCRAM-SHA-256 " + ScramClient.Encode("n,,n=user,r=abc"))).ShouldStartWith("334 ");
            (await dialog.ExchangeAsync(ScramClient.Encode(final + proof))).ShouldStartWith("535 5.7.8 ");
        }
    }

    [Fact]
    public async Task An_unknown_name_has_the_same_salt_each_time_in_any_case()
    {
        await using var dialog = await TalkAsync(Offered, isSecured: false);
        var salts = new List<string>();

        foreach (var name in new[] { "nobody", "Nobody", "somebody", "user" })
        {
            var challenge = ScramClient.Decode(await dialog.ExchangeAsync("AUTH SCRAM-SHA-256 " + ScramClient.Encode($"n,,n={name},r=abc")));
            salts.Add(challenge.Split(',')[1]);
            await dialog.ExchangeAsync("*");
        }

        salts[1].ShouldBe(salts[0]);
        salts.Distinct().Count().ShouldBe(3);
        salts.Select(salt => salt.Length).Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("\0user\0pencil", "235 2.7.0")]
    [InlineData("user\0user\0pencil", "235 2.7.0")]
    [InlineData("root\0user\0pencil", "535 5.7.8")]
    [InlineData("\0user\0crayon", "535 5.7.8")]
    [InlineData("\0nobody\0pencil", "535 5.7.8")]
    [InlineData("\0user\0", "501 5.5.2")]
    [InlineData("\0\0pencil", "501 5.5.2")]
    [InlineData("user\0pencil", "501 5.5.2")]
    [InlineData("\0user\0pencil\0", "501 5.5.2")]
    [InlineData("\0us\ner\0pencil", "501 5.5.2")]
    public async Task PLAIN_takes_a_name_and_a_password(string response, string reply)
    {
        await using var dialog = await TalkAsync(Offered, isSecured: true);

        (await dialog.ExchangeAsync("auth plain " + ScramClient.Encode(response))).ShouldStartWith(reply);
        if (reply[0] == '5')
        {
            (await dialog.ExchangeAsync("AUTH PLAIN")).ShouldBe("334 ");
            (await dialog.ExchangeAsync(ScramClient.Encode(response))).ShouldStartWith(reply);
        }
    }

    [Theory]
    [InlineData("user", "pencil", "235 2.7.0")]
    [InlineData("user", "crayon", "535 5.7.8")]
    [InlineData("nobody", "pencil", "535 5.7.8")]
    public async Task LOGIN_asks_for_both(string user, string password, string reply)
    {
        await using var dialog = await TalkAsync(Offered, isSecured: true);

        (await dialog.ExchangeAsync("AUTH LOGIN")).ShouldBe("334 VXNlcm5hbWU6");
        (await dialog.ExchangeAsync(ScramClient.Encode(user))).ShouldBe("334 UGFzc3dvcmQ6");
        (await dialog.ExchangeAsync(ScramClient.Encode(password))).ShouldStartWith(reply);
    }

    [Fact]
    public async Task LOGIN_takes_the_name_with_the_command_too()
    {
        await using var dialog = await TalkAsync(Offered, isSecured: true);

        (await dialog.ExchangeAsync("AUTH LOGIN " + ScramClient.Encode("user"))).ShouldBe("334 UGFzc3dvcmQ6");
        (await dialog.ExchangeAsync(ScramClient.Encode("pencil"))).ShouldStartWith("235 ");
    }

    [Fact]
    public async Task Passwords_travel_under_TLS_only()
    {
        await using var dialog = await TalkAsync(Offered, isSecured: false);

        (await dialog.ExchangeAsync("EHLO c")).ShouldEndWith("\n250 AUTH SCRAM-SHA-256");
        (await dialog.ExchangeAsync("AUTH PLAIN " + ScramClient.Encode("\0user\0pencil"))).ShouldStartWith("504 5.5.4 ");
        (await dialog.ExchangeAsync("AUTH LOGIN")).ShouldStartWith("504 5.5.4 ");
    }

    [Theory]
    [InlineData("AUTH", "501 5.5.4")]
    [InlineData("AUTH CRAM-MD5", "504 5.5.4")]
    [InlineData("AUTH PLAIN !", "501 5.5.2")]
    [InlineData("AUTH PLAIN =", "501 5.5.2")]
    [InlineData("AUTH PLAIN AGEAYg== x", "501 5.5.2")]
    [InlineData("AUTH PLAIN\r\n*", "334 ,501 5.7.0")]
    [InlineData("AUTH PLAIN\r\n!", "334 ,501 5.5.2")]
    [InlineData("AUTH PLAIN\r\nAGEA Yg==", "334 ,501 5.5.2")]
    [InlineData("AUTH PLAIN\r\n", "334 ,501 5.5.2")]
    [InlineData("AUTH PLAIN\r\nAGEAYg==\nNOOP", "334 ,500 5.5.2,250 2.0.0")]
    public async Task An_exchange_that_goes_wrong_is_over(string octets, string replies)
    {
        await using var dialog = await TalkAsync(Offered, isSecured: true);

        await dialog.SendAsync(octets + "\r\n");

        foreach (var reply in replies.Split(','))
        {
            (await dialog.ReplyAsync()).ShouldStartWith(reply);
        }

        (await dialog.ExchangeAsync("NOOP")).ShouldBe("250 2.0.0 ok");
        _attempts.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(12_286, "501 5.5.2 ")]
    [InlineData(12_290, "500 5.5.6 ")]
    [InlineData(1_000_000, "500 5.5.6 ")]
    public async Task A_response_may_have_the_length_of_its_RFC(int length, string reply)
    {
        await using var dialog = await TalkAsync(Offered, isSecured: true);
        await dialog.ExchangeAsync("AUTH PLAIN");

        (await dialog.ExchangeAsync(new string('A', length))).ShouldStartWith(reply);
        (await dialog.ExchangeAsync("NOOP")).ShouldBe("250 2.0.0 ok");
    }

    [Fact]
    public async Task A_long_password_may_come_with_the_command()
    {
        await using var dialog = await TalkAsync(Offered, isSecured: true);

        (await dialog.ExchangeAsync("AUTH PLAIN " + ScramClient.Encode("\0user\0" + new string('x', 9_000)))).ShouldStartWith("535 ");
        (await dialog.ExchangeAsync("AUTH PLAIN " + ScramClient.Encode("\0user\0" + new string('x', 9_300)))).ShouldStartWith("500 5.5.2 ");
        (await dialog.ExchangeAsync("NOOP PLAIN " + new string('x', 9_000))).ShouldStartWith("500 5.5.2 ");
    }

    [Fact]
    public async Task AUTH_has_its_place()
    {
        await using var dialog = new InMemoryDialog(Offered, Policy());
        await dialog.ReplyAsync();

        (await dialog.ExchangeAsync("AUTH SCRAM-SHA-256")).ShouldStartWith("503 5.5.1 ");
        await dialog.ExchangeAsync("EHLO c");
        await dialog.ExchangeAsync("MAIL FROM:<alice@example.com> AUTH=<>");
        (await dialog.ExchangeAsync("AUTH SCRAM-SHA-256")).ShouldStartWith("503 5.5.1 ");
        await dialog.ExchangeAsync("RSET");
        await ScramClient.LogInAsync(dialog, "user", "pencil");
        (await dialog.ExchangeAsync("AUTH SCRAM-SHA-256")).ShouldStartWith("503 5.5.1 already authenticated");
        (await dialog.ExchangeAsync("MAIL FROM:<alice@example.com> AUTH=a+0D+0Ab@example.com")).ShouldStartWith("501 5.5.4 ");
        (await dialog.ExchangeAsync("MAIL FROM:<alice@example.com> AUTH=nobody")).ShouldStartWith("501 5.5.4 ");
    }

    [Fact]
    public async Task What_is_said_in_an_exchange_is_never_shown()
    {
        await using var dialog = await TalkAsync(Offered, isSecured: true);
        _observer.Commands.Clear();

        await dialog.ExchangeAsync("AUTH PLAIN " + ScramClient.Encode("\0user\0crayon"));
        await dialog.ExchangeAsync("AUTH LOGIN");
        await dialog.ExchangeAsync(ScramClient.Encode("user"));
        await dialog.ExchangeAsync(ScramClient.Encode("crayon"));
        await dialog.ExchangeAsync("AUTH PLAIN !crayon");
        await dialog.ExchangeAsync("AUTH crayon");
        await dialog.ExchangeAsync(ScramClient.Encode("crayon"));
        await ScramClient.LogInAsync(dialog, "user", "pencil");

        _observer.Commands.ShouldBe(
        [
            "AUTH PLAIN -> 535", "AUTH LOGIN -> 535", "AUTH PLAIN -> 501", "AUTH -> 504", "(no known command) -> 500", "AUTH SCRAM-SHA-256 -> 235",
        ]);
    }

    [Fact]
    public async Task Failed_logins_are_errors_of_the_client()
    {
        await using var dialog = await TalkAsync(Offered with { MaxErrors = 2 }, isSecured: true);
        for (var i = 0; i < 3; i++)
        {
            (await dialog.ExchangeAsync("AUTH PLAIN " + ScramClient.Encode("\0user\0crayon"))).ShouldStartWith("535 ");
        }

        (await dialog.ReplyAsync()).ShouldStartWith("421 4.7.0 ");
    }

    [Fact]
    public async Task Where_nobody_can_log_in_nobody_gets_in()
    {
        await using var dialog = await InMemoryDialog.GreetAsync(Required, SomeServer.Collect([]));

        (await dialog.ExchangeAsync("AUTH SCRAM-SHA-256 " + ScramClient.Encode("n,,n=user,r=abc"))).ShouldStartWith("454 4.7.0 ");
        foreach (var command in new[] { "MAIL FROM:<a@example.com>", "RCPT TO:<b@example.net>", "DATA", "BDAT 0 LAST", "VRFY a" })
        {
            (await dialog.ExchangeAsync(command)).ShouldStartWith("530 5.7.0 ");
        }

        (await dialog.ExchangeAsync("RSET")).ShouldStartWith("250 ");
    }

    [Fact]
    public async Task Many_that_guess_at_once_are_all_answered()
    {
        var dialogs = new List<InMemoryDialog>();
        for (var i = 0; i < 20; i++)
        {
            dialogs.Add(await TalkAsync(Offered, isSecured: true));
        }

        var replies = await Task.WhenAll(dialogs.Select((dialog, i) =>
            dialog.ExchangeAsync("AUTH PLAIN " + ScramClient.Encode(i == 7 ? "\0user\0pencil" : $"\0user\0{i}"))));

        replies.Count(reply => reply.StartsWith("235 ", StringComparison.Ordinal)).ShouldBe(1);
        replies.Count(reply => reply.StartsWith("535 ", StringComparison.Ordinal)).ShouldBe(19);
        foreach (var dialog in dialogs)
        {
            await dialog.DisposeAsync();
        }
    }

    private async Task<InMemoryDialog> TalkAsync(SmtpServerOptions options, bool isSecured)
    {
        var dialog = new InMemoryDialog(options, Policy(), identity: SomeServer.Identity with { Tls = isSecured ? SomeTls.Facts : null });
        await dialog.ReplyAsync();
        await dialog.ExchangeAsync("EHLO client.example.com");
        return dialog;
    }

    private SmtpServerPolicy Policy() => SomeServer.Collect(_messages) with
    {
        Observer = _observer,
        Authentication = new SmtpAuthentication
        {
            FindUser = name => new FoundUser(name == "user" ? Pencil : null),
            Attempted = (_, user, mechanism, isIn) =>
            {
                lock (_attempts)
                {
                    _attempts.Add((user, mechanism, isIn));
                }
            },
        },
    };
}
