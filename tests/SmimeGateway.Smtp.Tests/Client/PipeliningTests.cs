using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client;

public sealed class PipeliningTests
{
    [Fact]
    public async Task The_envelope_is_one_write_and_the_content_with_its_dot_another()
    {
        await using var nextHop = ScriptedNextHop.Start();

        await OpenSession.SendAsync(nextHop, SomeMail.To("bob@example.net", "carol@example.net"), SomeMail.Content);

        nextHop.Reads.Skip(1).Take(2).ShouldBe(
        [
            "MAIL FROM:<alice@example.com> SIZE=25\r\nRCPT TO:<bob@example.net>\r\nRCPT TO:<carol@example.net>\r\nDATA\r\n",
            "Subject: hello\r\n\r\nBody.\r\n.\r\n",
        ]);
    }

    [Fact]
    public async Task Without_the_offer_every_command_waits_for_the_reply_before_it()
    {
        await using var nextHop = ScriptedNextHop.Start();
        nextHop.Extensions = [];

        var outcome = await OpenSession.SendAsync(nextHop, SomeMail.To("bob@example.net", "carol@example.net"), SomeMail.Content);

        outcome.Recipients.ShouldAllBe(status => status.Action == DeliveryAction.Delivered);
        nextHop.Reads.Skip(1).Take(5).ShouldBe(
        [
            "MAIL FROM:<alice@example.com>\r\n", "RCPT TO:<bob@example.net>\r\n", "RCPT TO:<carol@example.net>\r\n", "DATA\r\n",
            "Subject: hello\r\n\r\nBody.\r\n.\r\n",
        ]);
    }

    [Fact]
    public async Task A_thousand_recipients_are_all_named_and_all_answered()
    {
        await using var nextHop = ScriptedNextHop.Start();
        string[] recipients = [.. Enumerable.Range(0, 1000).Select(i => $"a.rather.long.recipient.with.number.{i}@department.subsidiary.example.net")];

        var outcome = await OpenSession.SendAsync(nextHop, SomeMail.To(recipients), SomeMail.Content);

        outcome.Recipients.Count.ShouldBe(1000);
        outcome.Recipients.ShouldAllBe(status => status.Action == DeliveryAction.Delivered);
        nextHop.Messages.Single().Recipients.Count.ShouldBe(1000);
    }

    [Fact]
    public async Task A_server_that_wants_content_for_nobody_gets_a_lone_dot()
    {
        await using var nextHop = ScriptedNextHop.Start();
        nextHop.Script = (verb, _) => verb switch
        {
            "RCPT" => ScriptedReply.Say("550 5.1.1 Unknown"),
            "DATA" => ScriptedReply.Say("354 Go on"),
            _ => null,
        };
        await using var session = await OpenSession.WithAsync(nextHop);

        var outcome = await session.SendAsync(SomeMail.Envelope, SomeMail.Content, default);

        outcome.Recipients.Single().Status.ShouldBe(new EnhancedStatus(5, 1, 1));
        nextHop.Messages.Single().Content.ShouldBeEmpty();
        session.IsReusable.ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_that_refused_mail_and_takes_the_rest_gets_no_dot_that_somebody_would_receive()
    {
        await using var nextHop = ScriptedNextHop.Start();
        nextHop.Script = (verb, _) => verb switch
        {
            "MAIL" => ScriptedReply.Say("550 5.7.1 Not you"),
            "UNEXPECTED" => ScriptedReply.Say("250 2.1.5 Ok"),
            "DATA" => ScriptedReply.Say("354 Go on"),
            _ => null,
        };
        await using var session = await OpenSession.WithAsync(nextHop);

        var outcome = await session.SendAsync(SomeMail.Envelope, SomeMail.Content, default);

        outcome.Recipients.Single().Diagnostic.ShouldBe("550 5.7.1 Not you");
        nextHop.Messages.ShouldBeEmpty();
        session.IsReusable.ShouldBeFalse();
    }
}
