using SmimeGateway.Smtp.Sasl;

namespace SmimeGateway.Smtp.Tests;

public sealed class LoginAdmissionTests
{
    private static readonly ScramCredentials Pencil = ScramCredentials.Create("pencil", ScramCredentials.MinIterations);
    private static readonly SmtpServerOptions Offered = SomeServer.Options with { Authentication = SessionOffer.Offered };

    private readonly List<(string User, string Mechanism, bool IsIn)> _attempts = [];
    private readonly List<string> _admitted = [];
    private readonly List<string> _abandoned = [];
    private readonly CollectingObserver _observer = new();
    private readonly SmtpAuthentication _users;

    public LoginAdmissionTests() => _users = new SmtpAuthentication
    {
        FindUser = name => new FoundUser(name == "user" ? Pencil : null),
        Admit = (_, user) =>
        {
            _admitted.Add(user);
            return ValueTask.FromResult<SmtpReply?>(null);
        },
        Attempted = (_, user, mechanism, isIn) => _attempts.Add((user, mechanism, isIn)),
        Abandoned = (_, user) => _abandoned.Add(user),
    };

    [Fact]
    public async Task A_password_that_may_not_be_checked_now_is_not_and_the_name_is_known_by_then()
    {
        var refusal = SmtpReply.OneLine(454, new EnhancedStatus(4, 7, 0), "slow down");
        var asked = new List<string>();
        var users = _users with
        {
            Admit = (_, user) =>
            {
                asked.Add(user);
                return ValueTask.FromResult<SmtpReply?>(refusal);
            },
        };
        await using var dialog = await TalkAsync(users);

        (await dialog.ExchangeAsync("AUTH PLAIN " + ScramClient.Encode("\0one\0pencil"))).ShouldBe("454 4.7.0 slow down");
        (await dialog.ExchangeAsync("AUTH PLAIN " + ScramClient.Encode("root\0two\0pencil"))).ShouldBe("454 4.7.0 slow down");
        await dialog.ExchangeAsync("AUTH LOGIN " + ScramClient.Encode("three"));
        (await dialog.ExchangeAsync(ScramClient.Encode("pencil"))).ShouldBe("454 4.7.0 slow down");
        (await ScramClient.LogInAsync(dialog, "user", "pencil")).ShouldBe("454 4.7.0 slow down");

        asked.ShouldBe(["one", "two", "three", "user"]);
        _attempts.ShouldBeEmpty();
        _abandoned.ShouldBeEmpty();
    }

    [Fact]
    public async Task Whatever_becomes_of_an_exchange_each_that_was_admitted_is_reported_once()
    {
        await using var dialog = await TalkAsync(_users);
        for (var i = 0; i < 20; i++)
        {
            await dialog.ExchangeAsync("AUTH PLAIN " + ScramClient.Encode("\0user\0crayon"));
            await dialog.ExchangeAsync("AUTH SCRAM-SHA-256 " + ScramClient.Encode("n,,n=user,r=abc"));
            await dialog.ExchangeAsync("*");
            await dialog.ExchangeAsync("AUTH LOGIN " + ScramClient.Encode("user"));
            await dialog.ExchangeAsync("*");
            await dialog.ExchangeAsync("AUTH PLAIN");
            await dialog.ExchangeAsync(ScramClient.Encode("\0user\0"));
            (await ScramClient.LogInAsync(dialog, "user", "pencil", acknowledgement: "*")).ShouldStartWith("501 ");
        }

        _admitted.Count.ShouldBe(40);
        _attempts.Count.ShouldBe(20);
        _abandoned.Count.ShouldBe(20);
    }

    [Theory]
    [InlineData("user", "crayon", "454 4.7.0")]
    [InlineData("nobody", "crayon", "454 4.7.0")]
    [InlineData("user", "pencil", "235 2.7.0")]
    public async Task While_users_may_have_changed_unseen_a_name_that_was_known_is_answered_like_any_other(string user, string password, string reply)
    {
        var users = _users with { FindUser = name => new FoundUser(name == "user" ? Pencil : null, IsUncertain: true) };
        foreach (var mechanism in new[] { "SCRAM-SHA-256", "PLAIN", "LOGIN" })
        {
            await using var dialog = await TalkAsync(users);
            switch (mechanism)
            {
                case "PLAIN":
                    (await dialog.ExchangeAsync("AUTH PLAIN " + ScramClient.Encode($"\0{user}\0{password}"))).ShouldStartWith(reply);
                    break;
                case "LOGIN":
                    (await dialog.ExchangeAsync("AUTH LOGIN " + ScramClient.Encode(user))).ShouldStartWith("334 ");
                    (await dialog.ExchangeAsync(ScramClient.Encode(password))).ShouldStartWith(reply);
                    break;
                default:
                    (await ScramClient.LogInAsync(dialog, user, password)).ShouldStartWith(reply);
                    break;
            }
        }

        _attempts.ShouldAllBe(attempt => attempt.IsIn == (reply[0] == '2'));
        _attempts.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Users_that_cannot_be_looked_up_are_asked_to_come_again()
    {
        await using var dialog = await TalkAsync(_users with { FindUser = _ => throw new InvalidOperationException() });

        (await dialog.ExchangeAsync("AUTH SCRAM-SHA-256 " + ScramClient.Encode("n,,n=user,r=abc"))).ShouldStartWith("454 4.7.0 ");
        _observer.Failures.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Users_nobody_knows_of_at_the_moment_may_come_again_and_it_is_no_error_of_ours()
    {
        await using var dialog = await TalkAsync(
            _users with { FindUser = _ => throw new UsersUnavailableException("cannot be read") });

        (await dialog.ExchangeAsync("AUTH PLAIN " + ScramClient.Encode("\0user\0pencil"))).ShouldStartWith("454 4.7.0 ");

        _attempts.ShouldBeEmpty();
        _abandoned.ShouldBe(_admitted);
    }

    [Fact]
    public async Task Who_hangs_up_while_a_password_is_checked_has_ended_the_exchange()
    {
        await using (var dialog = await TalkAsync(_users))
        {
            // SCRAM waits for an empty line when the proof is right.
            var ack = await ScramClient.LogInAsync(dialog, "user", "pencil", acknowledgement: null);
            ack.ShouldStartWith("334 ");
        }

        _admitted.ShouldBe(["user"]);
        _abandoned.ShouldBe(["user"]);
    }

    private async Task<InMemoryDialog> TalkAsync(SmtpAuthentication users)
    {
        var policy = SomeServer.Collect([]) with { Observer = _observer, Authentication = users };
        var dialog = new InMemoryDialog(Offered with { MaxErrors = 1000 }, policy, identity: SomeServer.Identity with { Tls = SomeTls.Facts });
        await dialog.ReplyAsync();
        await dialog.ExchangeAsync("EHLO client.example.com");
        return dialog;
    }
}
