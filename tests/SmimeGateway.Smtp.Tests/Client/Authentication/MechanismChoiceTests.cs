using SmimeGateway.Smtp.Client;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client.Authentication;

public sealed class MechanismChoiceTests
{
    [Theory]
    [InlineData("AUTH LOGIN PLAIN SCRAM-SHA-256 CRAM-MD5", "AUTH SCRAM-SHA-256 ")]
    [InlineData("AUTH GSSAPI LOGIN PLAIN NTLM", "AUTH PLAIN ")]
    [InlineData("AUTH=LOGIN", "AUTH LOGIN")]
    [InlineData("auth=login plain", "AUTH PLAIN ")]
    public async Task Auto_takes_the_strongest_that_is_offered(string offer, string command)
    {
        await using var nextHop = SomeLogin.Offer("");
        nextHop.ExtensionsUnderTls = [offer];

        await using var session = await OpenSession.WithAsync(nextHop, null, SomeTls.Required, SomeLoginThatEndsAtOnce(nextHop));

        SomeLogin.AfterEhlo(nextHop).First().ShouldStartWith(command);
    }

    [Theory]
    [InlineData("PLAIN LOGIN", ClientMechanism.ScramSha256, "The next hop offers PLAIN, LOGIN to log in, and SCRAM-SHA-256 is asked for.")]
    [InlineData("SCRAM-SHA-256", ClientMechanism.Plain, "The next hop offers SCRAM-SHA-256 to log in, and PLAIN is asked for.")]
    [InlineData("CRAM-MD5", ClientMechanism.Auto, "The next hop offers no known way to log in, and SCRAM-SHA-256 or PLAIN or LOGIN is asked for.")]
    [InlineData("NTLM", ClientMechanism.Auto, "The next hop offers NTLM to log in, and SCRAM-SHA-256 or PLAIN or LOGIN is asked for.")]
    public async Task Without_a_mechanism_in_common_nothing_is_sent(string offer, ClientMechanism mechanism, string why)
    {
        await using var nextHop = SomeLogin.Offer(offer);

        var opening = await OpenSession.TryAsync(nextHop, null, SomeTls.Required, SomeLogin.With(mechanism));

        opening.Trouble.ShouldBe(new DeliveryStatus(DeliveryAction.Delayed, new EnhancedStatus(4, 7, 4), why, "mx.example.net"));
        SomeLogin.AfterEhlo(nextHop).ShouldBe(["QUIT"]);
    }

    [Theory]
    [InlineData("PLAIN LOGIN", ClientMechanism.Auto, false)]
    [InlineData("PLAIN", ClientMechanism.Plain, false)]
    [InlineData("LOGIN", ClientMechanism.Login, false)]
    [InlineData("XOAUTH2", ClientMechanism.XOAuth2, true)]
    [InlineData("XOAUTH2", ClientMechanism.Auto, true)]
    public async Task Secrets_are_never_sent_in_plain(string offer, ClientMechanism mechanism, bool withToken)
    {
        await using var nextHop = ScriptedNextHop.Start();
        nextHop.Extensions = [$"AUTH {offer}"];
        var credentials = SomeLogin.With(mechanism) with { Token = withToken ? (_, _) => ValueTask.FromResult("token") : null };

        var opening = await OpenSession.TryAsync(nextHop, credentials: credentials);

        opening.Trouble!.Status.ToString().ShouldBe("4.7.11");
        opening.Trouble.Diagnostic.ShouldBe($"The next hop offers {offer.Replace(" ", ", ", StringComparison.Ordinal)} to log in, and a secret is sent under TLS only.");
        nextHop.Commands.ShouldBe(["EHLO gateway.example.com", "QUIT"]);
    }

    [Fact]
    public void Credentials_do_not_show_their_secrets() => SomeLogin.With(ClientMechanism.Auto).ToString().ShouldBe("Auto gateway@example.com");

    // A server that says yes to everything; what SCRAM makes of that is not the question here.
    private static ClientCredentials SomeLoginThatEndsAtOnce(ScriptedNextHop nextHop)
    {
        var peer = new ScramPeer();
        nextHop.Script = (verb, line) => verb switch
        {
            "AUTH" or "RESPONSE" when peer.IsBegun || line.Contains("SCRAM", StringComparison.Ordinal) => peer.Answer(line),
            "AUTH" when line == "AUTH LOGIN" => ScriptedReply.Say("334 "),
            _ => null,
        };
        return SomeLogin.With(ClientMechanism.Auto);
    }
}
