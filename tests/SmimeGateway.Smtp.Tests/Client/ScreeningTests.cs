using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client;

public sealed class ScreeningTests
{
    private static readonly byte[] EightBit = Encoding.UTF8.GetBytes("Subject: hello\r\n\r\nGrüße.\r\n");
    private static readonly byte[] Utf8Header = Encoding.UTF8.GetBytes("Subject: Grüße\r\n\r\nBody.\r\n");

    [Fact]
    public async Task Eight_bit_content_is_declared_where_it_is_taken()
    {
        await using var nextHop = ScriptedNextHop.Start();

        await OpenSession.SendAsync(nextHop, SomeMail.Envelope, EightBit);

        nextHop.Messages.Single().Mail.ShouldEndWith(" BODY=8BITMIME");
        nextHop.Messages.Single().Content.ShouldBe(EightBit);
    }

    [Fact]
    public async Task Eight_bit_content_is_never_sent_where_it_is_not_taken()
    {
        await using var nextHop = Start("PIPELINING", "SMTPUTF8");

        var outcome = await OpenSession.SendAsync(nextHop, SomeMail.Envelope, EightBit);

        ShouldBeFailed(outcome.Recipients.Single(), 6, 3);
        nextHop.Commands.ShouldBe(["EHLO gateway.example.com"]);
    }

    [Fact]
    public async Task Content_that_was_declared_eight_bit_and_is_not_goes_anywhere()
    {
        await using var nextHop = Start();

        var outcome = await OpenSession.SendAsync(
            nextHop, SomeMail.Envelope with { Body = BodyType.EightBitMime, SmtpUtf8 = true }, SomeMail.Content);

        outcome.Recipients.Single().Action.ShouldBe(DeliveryAction.Delivered);
        nextHop.Messages.Single().Mail.ShouldBe("MAIL FROM:<alice@example.com>");
    }

    [Fact]
    public async Task Utf8_in_the_header_is_declared_where_it_is_taken()
    {
        await using var nextHop = ScriptedNextHop.Start();

        await OpenSession.SendAsync(nextHop, SomeMail.Envelope with { SmtpUtf8 = true }, Utf8Header);

        nextHop.Messages.Single().Mail.ShouldEndWith(" BODY=8BITMIME SMTPUTF8");
    }

    [Fact]
    public async Task Utf8_in_the_header_is_never_sent_where_it_is_not_taken()
    {
        await using var nextHop = Start("8BITMIME");

        var outcome = await OpenSession.SendAsync(nextHop, SomeMail.Envelope with { SmtpUtf8 = true }, Utf8Header);

        ShouldBeFailed(outcome.Recipients.Single(), 6, 9);
    }

    [Fact]
    public async Task A_utf8_sender_is_named_where_it_is_taken()
    {
        await using var nextHop = ScriptedNextHop.Start();

        await OpenSession.SendAsync(nextHop, SomeMail.From("jürgen@example.com", "bob@example.net"), SomeMail.Content);

        var mail = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(nextHop.Messages.Single().Mail));
        mail.ShouldBe("MAIL FROM:<jürgen@example.com> SIZE=25 SMTPUTF8");
    }

    [Fact]
    public async Task A_utf8_sender_fails_everybody_where_it_is_not_taken()
    {
        await using var nextHop = Start("8BITMIME");

        var outcome = await OpenSession.SendAsync(nextHop, SomeMail.From("jürgen@example.com", "bob@example.net", "carol@example.net"), SomeMail.Content);

        outcome.Recipients.Count.ShouldBe(2);
        ShouldBeFailed(outcome.Recipients[0], 6, 7);
        nextHop.Commands.ShouldBe(["EHLO gateway.example.com"]);
    }

    [Fact]
    public async Task A_utf8_recipient_fails_alone_where_it_is_not_taken()
    {
        await using var nextHop = Start("PIPELINING");

        var outcome = await OpenSession.SendAsync(nextHop, SomeMail.To("bob@example.net", "jürgen@example.net"), SomeMail.Content);

        outcome.Recipients[0].Action.ShouldBe(DeliveryAction.Delivered);
        ShouldBeFailed(outcome.Recipients[1], 6, 7);
        nextHop.Messages.Single().Mail.ShouldBe("MAIL FROM:<alice@example.com>");
    }

    [Fact]
    public async Task A_message_over_the_announced_size_is_not_offered()
    {
        await using var nextHop = Start("PIPELINING", "SIZE 24");

        var outcome = await OpenSession.SendAsync(nextHop, SomeMail.Envelope, SomeMail.Content);

        ShouldBeFailed(outcome.Recipients.Single(), 3, 4);
        nextHop.Commands.ShouldBe(["EHLO gateway.example.com"]);
    }

    [Fact]
    public async Task Lines_of_any_length_go_as_they_are()
    {
        await using var plain = Start("PIPELINING");
        await using var chunking = Start("PIPELINING", "CHUNKING");
        var content = Encoding.ASCII.GetBytes($"Subject: x\r\n\r\nshort\r\n{new string('x', 70_000)}\r\nshort\r\n");

        foreach (var nextHop in new[] { plain, chunking })
        {
            var outcome = await OpenSession.SendAsync(nextHop, SomeMail.Envelope, content);

            outcome.Recipients.Single().Action.ShouldBe(DeliveryAction.Delivered);
            nextHop.Messages.Single().Content.ShouldBe(content);
        }
    }

    private static ScriptedNextHop Start(params string[] extensions)
    {
        var nextHop = ScriptedNextHop.Start();
        nextHop.Extensions = extensions;
        return nextHop;
    }

    private static void ShouldBeFailed(DeliveryStatus status, int subject, int detail)
    {
        status.Action.ShouldBe(DeliveryAction.Failed);
        status.Status.ShouldBe(new EnhancedStatus(5, subject, detail));
        status.Diagnostic.ShouldNotBeNullOrWhiteSpace();
    }
}
