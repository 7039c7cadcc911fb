using SmimeGateway.Smtp.Client;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client.Authentication;

public sealed class PasswordTests
{
    private static readonly string PlainResponse = SomeLogin.Base64($"\0{SomeLogin.User}\0{SomeLogin.Password}");

    [Fact]
    public async Task Plain_is_one_line()
    {
        await using var nextHop = SomeLogin.Offer("PLAIN");

        await using var session = await OpenSession.WithAsync(nextHop, null, SomeTls.Required, SomeLogin.With(ClientMechanism.Plain));
        var outcome = await session.SendAsync(SomeMail.Envelope, SomeMail.Content, default);

        outcome.Recipients.Single().Action.ShouldBe(DeliveryAction.Delivered);
        SomeLogin.AfterEhlo(nextHop).Take(2).ShouldBe([$"AUTH PLAIN {PlainResponse}", "MAIL FROM:<alice@example.com>"]);
    }

    [Fact]
    public async Task A_response_too_long_for_a_command_waits_for_the_challenge()
    {
        var password = new string('p', 500);
        await using var nextHop = SomeLogin.Offer("PLAIN", (verb, _) => verb == "AUTH" ? ScriptedReply.Say("334 ") : null);

        await using var session = await OpenSession.WithAsync(
            nextHop, null, SomeTls.Required, SomeLogin.With(ClientMechanism.Plain) with { Password = () => password });

        SomeLogin.AfterEhlo(nextHop).ShouldBe(["AUTH PLAIN", SomeLogin.Base64($"\0{SomeLogin.User}\0{password}")]);
    }

    [Theory]
    [InlineData("VXNlcm5hbWU6", "UGFzc3dvcmQ6")]
    [InlineData("", "what, no base64?")]
    public async Task Login_answers_two_questions_however_they_are_worded(string first, string second)
    {
        await using var nextHop = SomeLogin.Offer("LOGIN", (verb, line) => verb switch
        {
            "AUTH" => ScriptedReply.Say($"334 {first}"),
            "RESPONSE" when line == SomeLogin.Base64(SomeLogin.User) => ScriptedReply.Say($"334 {second}"),
            _ => null,
        });

        await using var session = await OpenSession.WithAsync(nextHop, null, SomeTls.Required, SomeLogin.With(ClientMechanism.Login));

        SomeLogin.AfterEhlo(nextHop).ShouldBe(["AUTH LOGIN", SomeLogin.Base64(SomeLogin.User), SomeLogin.Base64(SomeLogin.Password)]);
    }

    [Theory]
    [InlineData("535 5.7.8 Wrong", "4.7.8")]
    [InlineData("535 Wrong", "4.7.8")]
    [InlineData("534 Too weak", "4.7.9")]
    [InlineData("538 Encrypt", "4.7.11")]
    [InlineData("454 4.7.0 Not now", "4.7.0")]
    [InlineData("500 What", "4.7.0")]
    [InlineData("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.", "4.7.139")]
    public async Task A_refused_login_delays_and_is_never_permanent(string reply, string status)
    {
        await using var nextHop = SomeLogin.Offer("PLAIN", (verb, _) => verb == "AUTH" ? ScriptedReply.Say(reply) : null);

        var opening = await OpenSession.TryAsync(nextHop, null, SomeTls.Required, SomeLogin.With(ClientMechanism.Auto));

        opening.Trouble!.Action.ShouldBe(DeliveryAction.Delayed);
        opening.Trouble.Status.ToString().ShouldBe(status);
        opening.Trouble.Diagnostic.ShouldBe($"Logging in to the next hop by PLAIN failed: {reply}");
        SomeLogin.AfterEhlo(nextHop).ShouldBe([$"AUTH PLAIN {PlainResponse}", "QUIT"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_server_repeats_of_a_secret_is_not_shown(bool asBase64)
    {
        var echo = asBase64 ? PlainResponse : SomeLogin.Password;
        await using var nextHop = SomeLogin.Offer("PLAIN", (verb, _) => verb == "AUTH" ? ScriptedReply.Say($"535 5.7.8 You said {echo}!") : null);

        var opening = await OpenSession.TryAsync(nextHop, null, SomeTls.Required, SomeLogin.With(ClientMechanism.Plain));

        opening.Trouble!.Diagnostic.ShouldBe("Logging in to the next hop by PLAIN failed: 535 (its text repeats a secret and is not shown)");
        opening.Trouble.Status.ToString().ShouldBe("4.7.8");
    }

    [Fact]
    public async Task Without_a_password_at_hand_nothing_is_tried()
    {
        await using var nextHop = SomeLogin.Offer("PLAIN");
        var credentials = SomeLogin.With(ClientMechanism.Plain) with
        {
            Password = () => throw new CredentialsUnavailableException("The password file relay.password cannot be read."),
        };

        var opening = await OpenSession.TryAsync(nextHop, null, SomeTls.Required, credentials);

        opening.Trouble.ShouldBe(new DeliveryStatus(
            DeliveryAction.Delayed, new EnhancedStatus(4, 7, 0), "The password file relay.password cannot be read.", "mx.example.net"));
        SomeLogin.AfterEhlo(nextHop).ShouldBe(["QUIT"]);
    }

    [Theory]
    [InlineData("PLAIN", ClientMechanism.Plain)]
    [InlineData("LOGIN", ClientMechanism.Login)]
    public async Task A_server_that_never_stops_asking_is_told_to_stop(string name, ClientMechanism mechanism)
    {
        await using var nextHop = SomeLogin.Offer(name, (verb, line) => verb is "AUTH" or "RESPONSE" && line != "*" ? ScriptedReply.Say("334 ") : null);

        var opening = await OpenSession.TryAsync(nextHop, null, SomeTls.Required, SomeLogin.With(mechanism));

        opening.Trouble!.Diagnostic.ShouldBe($"Logging in to the next hop by {name} failed: the server asks for more than name and password.");
        SomeLogin.AfterEhlo(nextHop).TakeLast(2).ShouldBe(["*", "QUIT"]);
    }
}
