using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client;

public sealed class RefusalTests
{
    public static TheoryData<bool> Pipelining => [true, false];

    [Theory]
    [MemberData(nameof(Pipelining))]
    public async Task Each_recipient_has_the_answer_to_its_own_command(bool pipelining)
    {
        await using var nextHop = Start(pipelining, (verb, line) => verb != "RCPT" ? null
            : line.Contains("gone", StringComparison.Ordinal) ? ScriptedReply.Say("550 5.1.1 Unknown")
            : line.Contains("grey", StringComparison.Ordinal) ? ScriptedReply.Say("450 4.2.0 Greylisted")
            : null);

        var outcome = await OpenSession.SendAsync(
            nextHop, SomeMail.To("bob@example.net", "gone@example.net", "grey@example.net", "carol@example.net"), SomeMail.Content);

        outcome.Recipients.ShouldBe(
        [
            new DeliveryStatus(DeliveryAction.Delivered, new EnhancedStatus(2, 0, 0), "250 2.0.0 Ok: queued", "mx.example.net"),
            new DeliveryStatus(DeliveryAction.Failed, new EnhancedStatus(5, 1, 1), "550 5.1.1 Unknown", "mx.example.net"),
            new DeliveryStatus(DeliveryAction.Delayed, new EnhancedStatus(4, 2, 0), "450 4.2.0 Greylisted", "mx.example.net"),
            new DeliveryStatus(DeliveryAction.Delivered, new EnhancedStatus(2, 0, 0), "250 2.0.0 Ok: queued", "mx.example.net"),
        ]);
        nextHop.Messages.Single().Recipients.ShouldBe(["RCPT TO:<bob@example.net>", "RCPT TO:<carol@example.net>"]);
    }

    [Theory]
    [InlineData("MAIL", "550 5.7.1 No", true, DeliveryAction.Failed, "5.7.1")]
    [InlineData("MAIL", "450 4.7.1 Later", true, DeliveryAction.Delayed, "4.7.1")]
    [InlineData("MAIL", "552 Too big", true, DeliveryAction.Failed, "5.3.4")]
    [InlineData("MAIL", "452 Full", false, DeliveryAction.Delayed, "4.3.1")]
    [InlineData("MAIL", "550 5.7.1 No", false, DeliveryAction.Failed, "5.7.1")]
    [InlineData("RCPT", "550 No", false, DeliveryAction.Failed, "5.0.0")]
    [InlineData("RCPT", "552 Mailbox full", true, DeliveryAction.Delayed, "4.2.2")]
    [InlineData("RCPT", "552 5.5.3 Too many recipients", true, DeliveryAction.Delayed, "4.5.3")]
    [InlineData("RCPT", "552 5.2.2 Over quota", false, DeliveryAction.Delayed, "4.2.2")]
    [InlineData("DATA", "451 4.3.0 Later", true, DeliveryAction.Delayed, "4.3.0")]
    [InlineData("DATA", "554 5.5.1 No", false, DeliveryAction.Failed, "5.5.1")]
    [InlineData("DOT", "451 4.3.0 Later", true, DeliveryAction.Delayed, "4.3.0")]
    [InlineData("DOT", "552 Too big", false, DeliveryAction.Failed, "5.3.4")]
    [InlineData("DOT", "554 5.7.1 Spam", true, DeliveryAction.Failed, "5.7.1")]
    public async Task A_refusal_at_any_step_is_what_the_recipients_get_and_the_session_goes_on(
        string command, string reply, bool pipelining, DeliveryAction action, string status)
    {
        var isScripted = true;
        await using var nextHop = Start(pipelining, (verb, _) => isScripted && verb == command ? ScriptedReply.Say(reply) : null);
        await using var session = await OpenSession.WithAsync(nextHop);

        var refused = await session.SendAsync(SomeMail.To("bob@example.net", "carol@example.net"), SomeMail.Content, default);
        isScripted = false;
        var accepted = await session.SendAsync(SomeMail.Envelope, SomeMail.Content, default);

        refused.Recipients.Count.ShouldBe(2);
        refused.Recipients.ShouldAllBe(recipient => recipient.Action == action && recipient.Diagnostic == reply);
        refused.Recipients[0].Status.ToString().ShouldBe(status);
        refused.IsUntouched.ShouldBeFalse();
        accepted.Recipients.Single().Action.ShouldBe(DeliveryAction.Delivered);
        nextHop.Connections.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Pipelining))]
    public async Task A_bare_552_after_accepted_recipients_means_too_many_and_delays(bool pipelining)
    {
        await using var nextHop = Start(pipelining, (verb, line) =>
            verb == "RCPT" && line.Contains("carol", StringComparison.Ordinal) ? ScriptedReply.Say("552 Too many recipients") : null);

        var outcome = await OpenSession.SendAsync(nextHop, SomeMail.To("bob@example.net", "carol@example.net"), SomeMail.Content);

        outcome.Recipients[1].Action.ShouldBe(DeliveryAction.Delayed);
        outcome.Recipients[1].Status.ShouldBe(new EnhancedStatus(4, 5, 3));
    }

    [Theory]
    [InlineData("MAIL", true)]
    [InlineData("RCPT", false)]
    [InlineData("DATA", false)]
    [InlineData("DOT", false)]
    public async Task A_421_at_any_step_delays_and_ends_the_session(string command, bool isUntouched)
    {
        await using var nextHop = Start(pipelining: true, (verb, _) => verb == command ? ScriptedReply.SayAndDrop("421 4.3.2 Going down") : null);
        await using var session = await OpenSession.WithAsync(nextHop);

        var outcome = await session.SendAsync(SomeMail.Envelope, SomeMail.Content, default);

        var status = outcome.Recipients.Single();
        status.Action.ShouldBe(DeliveryAction.Delayed);
        status.Status.ShouldBe(new EnhancedStatus(4, 3, 2));
        status.Diagnostic.ShouldBe("421 4.3.2 Going down");
        outcome.IsUntouched.ShouldBe(isUntouched);
        session.IsReusable.ShouldBeFalse();
    }

    [Fact]
    public async Task A_refusal_already_heard_outlives_a_session_that_is_lost_later()
    {
        await using var nextHop = Start(pipelining: true, (verb, line) => verb == "DATA" ? ScriptedReply.Drop
            : line.Contains("gone", StringComparison.Ordinal) ? ScriptedReply.Say("550 5.1.1 Unknown") : null);

        var outcome = await OpenSession.SendAsync(nextHop, SomeMail.To("bob@example.net", "gone@example.net"), SomeMail.Content);

        outcome.Recipients[0].Action.ShouldBe(DeliveryAction.Delayed);
        outcome.Recipients[1].Action.ShouldBe(DeliveryAction.Failed);
    }

    private static ScriptedNextHop Start(bool pipelining, Func<string, string, ScriptedReply?> script)
    {
        var nextHop = ScriptedNextHop.Start();
        nextHop.Extensions = pipelining ? ["PIPELINING"] : [];
        nextHop.Script = script;
        return nextHop;
    }
}
