using SmimeGateway.Smtp.Client;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client;

public sealed class SmtpClientSessionTests
{
    [Fact]
    public async Task It_introduces_itself_and_reads_what_is_offered()
    {
        await using var nextHop = ScriptedNextHop.Start();

        await using var session = await OpenSession.WithAsync(nextHop);

        nextHop.Commands.ShouldBe(["EHLO gateway.example.com"]);
        session.Extensions.Pipelining.ShouldBeTrue();
        session.Extensions.MaxMessageBytes.ShouldBe(52428800);
        session.IsReusable.ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_that_does_not_know_ehlo_is_greeted_with_helo()
    {
        await using var nextHop = ScriptedNextHop.Start("EHLO", ScriptedReply.Say("502 Command not implemented"));

        await using var session = await OpenSession.WithAsync(nextHop);

        nextHop.Commands.ShouldBe(["EHLO gateway.example.com", "HELO gateway.example.com"]);
        session.Extensions.ShouldBe(ServerExtensions.None);
    }

    [Theory]
    [InlineData("421 4.3.2 Too busy", 3, 2)]
    [InlineData("554 5.7.1 Go away", 7, 1)]
    [InlineData("554 No", 3, 2)]
    [InlineData("250 wrong code", 3, 2)]
    public async Task A_greeting_other_than_220_judges_the_host_and_delays(string greeting, int subject, int detail)
    {
        await using var nextHop = ScriptedNextHop.Start("GREETING", ScriptedReply.Say(greeting));

        var opening = await OpenSession.TryAsync(nextHop);

        opening.IsOpen.ShouldBeFalse();
        opening.Trouble.ShouldBe(new DeliveryStatus(
            DeliveryAction.Delayed, new EnhancedStatus(4, subject, detail), greeting, "mx.example.net"));
    }

    [Fact]
    public async Task A_refused_introduction_delays()
    {
        await using var nextHop = ScriptedNextHop.Start();
        nextHop.Script = (verb, _) => verb is "EHLO" or "HELO" ? ScriptedReply.Say("550 5.7.1 Bad name") : null;

        var opening = await OpenSession.TryAsync(nextHop);

        opening.Trouble!.Diagnostic.ShouldBe("550 5.7.1 Bad name");
        opening.Trouble.Action.ShouldBe(DeliveryAction.Delayed);
    }

    [Fact]
    public async Task Several_messages_travel_over_one_connection()
    {
        await using var nextHop = ScriptedNextHop.Start();
        await using var session = await OpenSession.WithAsync(nextHop);

        for (var i = 0; i < 5; i++)
        {
            var outcome = await session.SendAsync(SomeMail.Envelope, SomeMail.Content, default);
            outcome.Recipients.Single().Action.ShouldBe(DeliveryAction.Delivered);
        }

        session.Transactions.ShouldBe(5);
        nextHop.Messages.Count.ShouldBe(5);
        nextHop.Connections.ShouldBe(1);
        nextHop.Commands.ShouldNotContain("RSET");
    }

    [Fact]
    public async Task It_says_goodbye()
    {
        await using var nextHop = ScriptedNextHop.Start();
        var session = await OpenSession.WithAsync(nextHop);

        await Eventually.EndsAsync(session.QuitAsync(default));

        nextHop.Commands.ShouldContain("QUIT");
        session.IsReusable.ShouldBeFalse();
        await Eventually.TrueAsync(() => nextHop.OpenConnections == 0);
    }

    [Fact]
    public async Task A_goodbye_to_a_server_that_is_gone_is_no_error()
    {
        await using var nextHop = ScriptedNextHop.Start();
        var session = await OpenSession.WithAsync(nextHop);
        nextHop.DropAll();

        await Eventually.EndsAsync(session.QuitAsync(default));

        session.IsReusable.ShouldBeFalse();
    }

    [Fact]
    public async Task Cancelling_breaks_off_and_ends_the_session()
    {
        await using var nextHop = ScriptedNextHop.Start("DOT", ScriptedReply.Hang);
        await using var session = await OpenSession.WithAsync(nextHop);
        using var cancel = new CancellationTokenSource();

        var sending = session.SendAsync(SomeMail.Envelope, SomeMail.Content, cancel.Token).AsTask();
        await Eventually.TrueAsync(() => !nextHop.Messages.IsEmpty);
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Eventually.EndsAsync(sending));
        session.IsReusable.ShouldBeFalse();
    }
}
