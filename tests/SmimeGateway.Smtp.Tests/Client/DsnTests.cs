using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client;

public sealed class DsnTests
{
    private static readonly Envelope Asking = SomeMail.To("bob@example.net", "carol@example.net", "dave@example.net", "erin@example.net") with
    {
        Return = ReturnedContent.Headers,
        EnvelopeId = "QQ314159+2Bx",
        Recipients =
        [
            .. SomeMail.To("bob@example.net").Recipients.Select(bob => bob with { Notify = Notify.Never }),
            .. SomeMail.To("carol@example.net").Recipients.Select(carol => carol with
            {
                Notify = Notify.Success | Notify.Failure | Notify.Delay,
                OriginalRecipient = "RFC822;Carol+2BList@Example.NET",
            }),
            .. SomeMail.To("dave@example.net").Recipients.Select(dave => dave with { Notify = Notify.Delay }),
            .. SomeMail.To("erin@example.net").Recipients,
        ],
    };

    [Fact]
    public async Task What_the_sender_asked_for_is_passed_on_unchanged_and_nothing_is_made_up()
    {
        await using var nextHop = Start("PIPELINING", "SIZE", "DSN");

        var outcome = await OpenSession.SendAsync(nextHop, Asking, SomeMail.Content);

        nextHop.Messages.Single().Mail.ShouldBe("MAIL FROM:<alice@example.com> SIZE=25 RET=HDRS ENVID=QQ314159+2Bx");
        nextHop.Messages.Single().Recipients.ShouldBe(
        [
            "RCPT TO:<bob@example.net> NOTIFY=NEVER",
            "RCPT TO:<carol@example.net> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=RFC822;Carol+2BList@Example.NET",
            "RCPT TO:<dave@example.net> NOTIFY=DELAY",
            "RCPT TO:<erin@example.net>",
        ]);
        outcome.Recipients.ShouldAllBe(status => status.IsReportedByNextHop);
    }

    [Fact]
    public async Task A_server_without_dsn_is_asked_for_nothing_and_reports_nothing()
    {
        await using var nextHop = Start("PIPELINING");

        var outcome = await OpenSession.SendAsync(nextHop, Asking, SomeMail.Content);

        nextHop.Messages.Single().Mail.ShouldBe("MAIL FROM:<alice@example.com>");
        nextHop.Messages.Single().Recipients.ShouldAllBe(line => line.EndsWith('>'));
        outcome.Recipients.ShouldAllBe(status => status.Action == DeliveryAction.Delivered && !status.IsReportedByNextHop);
    }

    [Theory]
    [InlineData("CHUNKING")]
    [InlineData("SIZE")]
    public async Task Only_who_was_delivered_is_reported_by_the_next_hop(string extension)
    {
        await using var nextHop = Start("PIPELINING", "DSN", extension);
        nextHop.Script = (verb, line) => verb == "RCPT" && line.Contains("carol", StringComparison.Ordinal) ? ScriptedReply.Say("550 5.1.1 No")
            : verb == "RCPT" && line.Contains("dave", StringComparison.Ordinal) ? ScriptedReply.Say("450 4.2.0 Later") : null;

        var outcome = await OpenSession.SendAsync(nextHop, Asking, SomeMail.Content);

        outcome.Recipients.Select(status => status.IsReportedByNextHop).ShouldBe([true, false, false, true]);
    }

    [Fact]
    public async Task Content_that_is_refused_is_not_reported_by_the_next_hop()
    {
        await using var nextHop = Start("PIPELINING", "DSN");
        nextHop.Script = (verb, _) => verb == "DOT" ? ScriptedReply.Say("554 5.6.0 No") : null;

        var outcome = await OpenSession.SendAsync(nextHop, Asking, SomeMail.Content);

        outcome.Recipients.ShouldAllBe(status => !status.IsReportedByNextHop && status.Action == DeliveryAction.Failed);
    }

    [Theory]
    [InlineData("rfc822;a\r\nRCPT TO:<mallory@example.org>")]
    [InlineData("rfc822;a NOTIFY=NEVER")]
    [InlineData("rfc822;a\0")]
    [InlineData("rfc822;jürgen")]
    [InlineData("")]
    public async Task What_could_end_the_command_never_reaches_the_wire(string value)
    {
        await using var nextHop = Start("PIPELINING", "DSN");
        var envelope = SomeMail.Envelope with
        {
            EnvelopeId = value,
            Recipients = [.. SomeMail.Envelope.Recipients.Select(recipient => recipient with { OriginalRecipient = value })],
        };

        await OpenSession.SendAsync(nextHop, envelope, SomeMail.Content);

        nextHop.Commands.ShouldBe(["EHLO gateway.example.com", "MAIL FROM:<alice@example.com>", "RCPT TO:<bob@example.net>", "DATA"]);
    }

    [Fact]
    public async Task The_longest_values_of_many_recipients_fit()
    {
        await using var nextHop = Start("PIPELINING", "DSN");
        var original = "rfc822;" + new string('a', 493);
        var envelope = SomeMail.To([.. Enumerable.Range(0, 500).Select(i => $"recipient.{i}@example.net")]);
        envelope = envelope with { Recipients = [.. envelope.Recipients.Select(recipient => recipient with { OriginalRecipient = original })] };

        var outcome = await OpenSession.SendAsync(nextHop, envelope, SomeMail.Content);

        outcome.Recipients.ShouldAllBe(status => status.Action == DeliveryAction.Delivered);
        nextHop.Messages.Single().Recipients.ShouldAllBe(line => line.EndsWith(original, StringComparison.Ordinal));
    }

    private static ScriptedNextHop Start(params string[] extensions)
    {
        var nextHop = ScriptedNextHop.Start();
        nextHop.Extensions = extensions;
        return nextHop;
    }
}
