using System.Text;
using SmimeGateway.Smtp.Client;
using SmimeGateway.Smtp.Client.Authentication;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client.Authentication;

public sealed class ScramTests
{
    [Fact]
    public void The_example_of_rfc_7677_comes_out()
    {
        var scram = new ScramMechanism("user", "pencil", "rOprNGfwEbeRWgbNEkqO");

        var first = Encoding.UTF8.GetString(scram.Begin());
        var final = Encoding.UTF8.GetString(scram.Answer(SomeLogin.Base64(
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")));
        var wasSatisfied = scram.IsSatisfied;
        var last = scram.Answer(SomeLogin.Base64("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));

        first.ShouldBe("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        final.ShouldBe("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        wasSatisfied.ShouldBeFalse();
        last.ShouldBeEmpty();
        scram.IsSatisfied.ShouldBeTrue();
    }

    [Fact]
    public void A_name_with_commas_and_equals_signs_is_escaped() =>
        Encoding.UTF8.GetString(new ScramMechanism("a=b,c", "x", "nonce").Begin()).ShouldBe("n,,n=a=3Db=2Cc,r=nonce");

    [Fact]
    public async Task A_server_that_proves_itself_is_logged_in_to_even_in_plain()
    {
        var peer = new ScramPeer();
        await using var nextHop = ScriptedNextHop.Start();
        nextHop.Extensions = ["AUTH SCRAM-SHA-256"];
        nextHop.Script = (verb, line) => verb is "AUTH" or "RESPONSE" ? peer.Answer(line) : null;

        await using var session = await OpenSession.WithAsync(nextHop, credentials: SomeLogin.With(ClientMechanism.Auto));

        session.IsReusable.ShouldBeTrue();
        string.Concat(nextHop.Commands).ShouldNotContain(SomeLogin.Password);
    }

    [Fact]
    public async Task A_wrong_password_delays()
    {
        var peer = new ScramPeer();

        var trouble = await TryAsync(peer, SomeLogin.With(ClientMechanism.Auto) with { Password = () => "wrong" });

        trouble.Status.ToString().ShouldBe("4.7.8");
        trouble.Diagnostic.ShouldBe("Logging in to the next hop by SCRAM-SHA-256 failed: 535 5.7.8 Wrong proof");
    }

    [Theory]
    [InlineData("m=ext,", "", "the server's first message is not SCRAM")]
    [InlineData("+server", "", "the server's nonce does not begin with the client's")]
    [InlineData("r=", "r=x", "the server's nonce does not begin with the client's")]
    [InlineData(",s=", ",s=@", "the server's challenge is not base64")]
    [InlineData(",i=4096", ",i=4095", "the server asks for an iteration count outside of 4096 to 1000000")]
    [InlineData(",i=4096", ",i=1000001", "the server asks for an iteration count outside of 4096 to 1000000")]
    [InlineData(",i=4096", ",i=99999999999999", "the server asks for an iteration count outside of 4096 to 1000000")]
    [InlineData(",i=4096", ",i=-1", "the server asks for an iteration count outside of 4096 to 1000000")]
    [InlineData(",i=4096", "", "the server's first message is not SCRAM")]
    public async Task A_first_message_that_is_not_in_order_is_cancelled(string what, string by, string why)
    {
        var peer = new ScramPeer
        {
            ChangeFirst = message => what == "m=ext," ? what + message : message.Replace(what, by, StringComparison.Ordinal),
        };

        var trouble = await TryAsync(peer, SomeLogin.With(ClientMechanism.ScramSha256), isCancelled: true);

        trouble.Action.ShouldBe(DeliveryAction.Delayed);
        trouble.Diagnostic.ShouldBe($"Logging in to the next hop by SCRAM-SHA-256 failed: {why}.");
    }

    [Theory]
    [InlineData("v=AAAA", "the server does not prove that it knows the password")]
    [InlineData("v=", "the server does not prove that it knows the password")]
    [InlineData("x", "the server does not prove that it knows the password")]
    [InlineData("v=!", "the server's challenge is not base64")]
    [InlineData("e=invalid-proof", "the server says invalid-proof")]
    public async Task A_server_that_does_not_prove_itself_is_not_believed(string final, string why)
    {
        var trouble = await TryAsync(new ScramPeer { ChangeFinal = _ => final }, SomeLogin.With(ClientMechanism.ScramSha256), isCancelled: true);

        trouble.Diagnostic.ShouldBe($"Logging in to the next hop by SCRAM-SHA-256 failed: {why}.");
    }

    [Fact]
    public async Task A_yes_without_proof_is_not_believed()
    {
        await using var nextHop = SomeLogin.Offer("SCRAM-SHA-256");

        var opening = await OpenSession.TryAsync(nextHop, null, SomeTls.Required, SomeLogin.With(ClientMechanism.ScramSha256));

        opening.Trouble!.Diagnostic.ShouldBe("Logging in to the next hop by SCRAM-SHA-256 failed: the server said yes without the proof that belongs to it.");
    }

    private static async Task<DeliveryStatus> TryAsync(ScramPeer peer, ClientCredentials credentials, bool isCancelled = false)
    {
        await using var nextHop = SomeLogin.Offer("SCRAM-SHA-256", (verb, line) => verb switch
        {
            "AUTH" or "RESPONSE" => line == "*" ? ScriptedReply.Say("501 5.7.0 Cancelled") : peer.Answer(line),
            _ => null,
        });
        var opening = await OpenSession.TryAsync(nextHop, null, SomeTls.Required, credentials);
        nextHop.Commands.Contains("*").ShouldBe(isCancelled);
        nextHop.Commands.Last().ShouldBe("QUIT");
        return opening.Trouble!;
    }
}
