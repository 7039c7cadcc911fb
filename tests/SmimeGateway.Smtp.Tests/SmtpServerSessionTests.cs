using System.Text;

namespace SmimeGateway.Smtp.Tests;

public sealed class SmtpServerSessionTests
{
    [Fact]
    public async Task A_whole_session_brings_envelope_and_octets_to_the_handler()
    {
        await using var dialog = new InMemoryDialog();

        (await dialog.ReplyAsync()).ShouldBe("220 gateway.example.com ESMTP");
        (await dialog.ExchangeAsync("EHLO client.example.com")).ShouldBe(
            "250-gateway.example.com\n250-PIPELINING\n250-SIZE 100000\n250-8BITMIME\n250-SMTPUTF8\n250-DSN\n250-CHUNKING\n250 ENHANCEDSTATUSCODES");
        (await dialog.ExchangeAsync("MAIL FROM:<alice@example.com> BODY=8BITMIME SIZE=20")).ShouldBe("250 2.1.0 sender ok");
        (await dialog.ExchangeAsync("RCPT TO:<bob@example.net>")).ShouldBe("250 2.1.5 recipient ok");
        (await dialog.ExchangeAsync("RCPT TO:<postmaster>")).ShouldBe("250 2.1.5 recipient ok");
        (await dialog.ExchangeAsync("DATA")).ShouldBe("354 end data with <CR><LF>.<CR><LF>");
        (await dialog.ExchangeAsync("Subject: x\r\n\r\n..dot\r\n.")).ShouldBe("250 2.0.0 queued");
        (await dialog.ExchangeAsync("QUIT")).ShouldBe("221 2.0.0 goodbye");

        (await dialog.Ended).ShouldBe(SessionEnd.Quit);
        var message = dialog.Messages.ShouldHaveSingleItem();
        message.Envelope.ReversePath.Address.ShouldBe("alice@example.com");
        message.Envelope.Recipients.Select(recipient => recipient.Path.Address).ShouldBe(["bob@example.net", "postmaster"]);
        message.Envelope.Body.ShouldBe(BodyType.EightBitMime);
        message.Envelope.SmtpUtf8.ShouldBeFalse();
        message.Session.HeloName.ShouldBe("client.example.com");
        message.Session.IsExtended.ShouldBeTrue();
        Encoding.ASCII.GetString(message.Content.Span).ShouldBe("Subject: x\r\n\r\n.dot\r\n");
    }

    [Fact]
    public async Task HELO_is_answered_with_one_line_and_is_not_ESMTP()
    {
        await using var dialog = new InMemoryDialog();
        await dialog.ReplyAsync();

        (await dialog.ExchangeAsync("HELO old.example.com")).ShouldBe("250 gateway.example.com");
        await dialog.ExchangeAsync("MAIL FROM:<>");
        await dialog.ExchangeAsync("RCPT TO:<bob@example.net>");
        await dialog.ExchangeAsync("DATA");
        await dialog.ExchangeAsync(".");

        var message = dialog.Messages.ShouldHaveSingleItem();
        message.Session.IsExtended.ShouldBeFalse();
        message.Envelope.ReversePath.IsNull.ShouldBeTrue();
        message.Content.Length.ShouldBe(0);
    }

    [Fact]
    public async Task Commands_between_transactions_are_answered()
    {
        await using var dialog = await InMemoryDialog.GreetAsync();

        (await dialog.ExchangeAsync("noop")).ShouldBe("250 2.0.0 ok");
        (await dialog.ExchangeAsync("Rset")).ShouldBe("250 2.0.0 ok");
        (await dialog.ExchangeAsync("VRFY bob")).ShouldStartWith("252 2.5.2 ");
        (await dialog.ExchangeAsync("HELP")).ShouldStartWith("214-2.0.0 ");
        (await dialog.ExchangeAsync("STARTTLS")).ShouldStartWith("502 5.5.1 ");
        (await dialog.ExchangeAsync("XYZZY")).ShouldStartWith("500 5.5.1 ");
    }

    [Fact]
    public async Task Pipelined_commands_are_answered_in_one_flush()
    {
        await using var dialog = await InMemoryDialog.GreetAsync();
        var before = dialog.Flushes;

        await dialog.SendAsync("MAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@example.net>\r\nRCPT TO:<refused@example.com>\r\nDATA\r\n");

        (dialog.Flushes - before).ShouldBe(1);
        (await dialog.ReplyAsync()).ShouldStartWith("250 2.1.0 ");
        (await dialog.ReplyAsync()).ShouldStartWith("250 2.1.5 ");
        (await dialog.ReplyAsync()).ShouldStartWith("550 5.1.2 ");
        (await dialog.ReplyAsync()).ShouldStartWith("354 ");
    }

    [Fact]
    public async Task Commands_pipelined_behind_the_final_dot_are_carried_out_after_it()
    {
        await using var dialog = await InMemoryDialog.InDataAsync();

        await dialog.SendAsync("a\r\n.\r\nMAIL FROM:<carol@example.com>\r\nRCPT TO:<dave@example.net>\r\nDATA\r\nb\r\n.\r\nQUIT\r\n");

        (await dialog.RestAsync()).Split("\r\n").Select(line => line.Split(' ')[0]).ShouldBe(["250", "250", "250", "354", "250", "221", ""]);
        dialog.Messages.Select(message => Encoding.ASCII.GetString(message.Content.Span)).ShouldBe(["a\r\n", "b\r\n"]);
    }

    [Fact]
    public async Task A_session_is_the_same_however_its_octets_are_split()
    {
        const string Session =
            "EHLO c\r\nMAIL FROM:<å@example.com> SMTPUTF8\r\nRCPT TO:<bob@example.net>\r\nDATA\r\n..a\r\n\r\n.\r\nNOOP\r\nBAD\r\nQUIT\r\n";
        var octets = Encoding.UTF8.GetBytes(Session);
        var expected = await RunAsync(octets);

        for (var at = 1; at < octets.Length; at++)
        {
            (await RunAsync(octets[..at], octets[at..])).ShouldBe(expected);
        }

        (await RunAsync([.. octets.Select(octet => new[] { octet })])).ShouldBe(expected);
        expected.ShouldEndWith(".a\r\n\r\n");
    }

    [Fact]
    public async Task Every_reply_carries_an_enhanced_status_but_for_greetings_and_354()
    {
        await using var dialog = new InMemoryDialog();
        await dialog.SendAsync(
            "MAIL FROM:<a@example.com>\r\nEHLO\r\nEHLO c\r\nDATA\r\nMAIL FROM:<a\r\nMAIL FROM:<refused@example.com>\r\nMAIL FROM:<a@example.com> X=1\r\n"
            + "MAIL FROM:<a@example.com> SIZE=100001\r\nMAIL FROM:<a@example.com>\r\nMAIL FROM:<b@example.com>\r\nDATA\r\nRCPT TO:<å@example.com>\r\n"
            + "RCPT TO:<b@example.com>\r\nRCPT TO:<b@example.com>\r\nRCPT TO:<b@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\na\nb\r\n.\r\nQUIT\r\n");

        var replies = (await dialog.RestAsync()).Split("\r\n")[..^1];

        replies.Select(line => line.Length > 9 ? line[..9] : line).ShouldBe(
        [
            "220 gatew", "503 5.5.1", "501 say y", "250-gatew", "250-PIPEL", "250-SIZE ", "250-8BITM", "250-SMTPU", "250-DSN", "250-CHUNK", "250 ENHAN", "503 5.5.1",
            "501 5.1.7", "550 5.7.1", "555 5.5.4", "552 5.3.4", "250 2.1.0", "503 5.5.1", "554 5.5.1", "553 5.6.7",
            "250 2.1.5", "250 2.1.5", "250 2.1.5", "452 4.5.3", "354 end d", "554 5.6.1", "221 2.0.0",
        ]);
    }

    [Fact]
    public async Task What_the_handler_throws_becomes_451_and_the_session_goes_on()
    {
        var policy = new SmtpServerPolicy { HandleMessage = (_, _) => throw new InvalidOperationException("disk on fire") };
        await using var dialog = await InMemoryDialog.InDataAsync(policy: policy);

        var reply = await dialog.ExchangeAsync("a\r\n.");

        reply.ShouldStartWith("451 4.3.0 ");
        reply.ShouldNotContain("fire");
        (await dialog.ExchangeAsync("NOOP")).ShouldStartWith("250 ");
    }

    [Theory]
    [InlineData("MAIL FROM:<alice@example.com>")]
    [InlineData("RCPT TO:<bob@example.net>")]
    [InlineData("DATA")]
    public async Task What_a_check_throws_becomes_451_and_the_session_goes_on(string culprit)
    {
        var policy = SomeServer.Answer(_ => SomeServer.Queued) with
        {
            CheckSender = (_, _, _, _) => culprit.StartsWith("MAIL", StringComparison.Ordinal) ? throw new InvalidOperationException() : new(default(SmtpReply)),
            CheckRecipient = (_, _, _) => culprit.StartsWith("RCPT", StringComparison.Ordinal) ? throw new InvalidOperationException() : new(default(SmtpReply)),
            PrefixContent = (_, _) => throw new InvalidOperationException(),
        };
        await using var dialog = await InMemoryDialog.GreetAsync(policy: policy);
        var replies = new Dictionary<string, string>();
        foreach (var command in new[] { "MAIL FROM:<alice@example.com>", "RCPT TO:<bob@example.net>", "DATA", "NOOP" })
        {
            replies[command] = await dialog.ExchangeAsync(command);
        }

        replies[culprit].ShouldStartWith("451 4.3.0 ");
        replies["NOOP"].ShouldStartWith("250 ");
    }

    [Fact]
    public async Task The_prefix_stands_before_the_content()
    {
        var messages = new List<ReceivedMessage>();
        var policy = SomeServer.Collect(messages) with { PrefixContent = (session, envelope) => Encoding.ASCII.GetBytes($"X: {session.HeloName} {envelope.Recipients.Count}\r\n") };
        await using var dialog = await InMemoryDialog.InDataAsync(policy: policy);

        await dialog.ExchangeAsync("a: b\r\n.");

        Encoding.ASCII.GetString(messages.ShouldHaveSingleItem().Content.Span).ShouldBe("X: client.example.com 1\r\na: b\r\n");
    }

    [Fact]
    public async Task A_client_that_vanishes_in_the_middle_leaves_nothing()
    {
        await using var dialog = await InMemoryDialog.InDataAsync();
        await dialog.SendAsync("Subject: half a mess");

        await dialog.HangUpAsync();

        (await dialog.Ended).ShouldBe(SessionEnd.ClientGone);
        dialog.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_whose_sender_hangs_up_behind_the_dot_is_handled()
    {
        await using var dialog = await InMemoryDialog.InDataAsync();
        await dialog.SendAsync("a\r\n.\r\n");

        await dialog.HangUpAsync();

        (await dialog.Ended).ShouldBe(SessionEnd.ClientGone);
        dialog.Messages.ShouldHaveSingleItem();
    }

    private static async Task<string> RunAsync(params byte[][] pieces)
    {
        await using var dialog = new InMemoryDialog();
        foreach (var piece in pieces)
        {
            await dialog.SendAsync(piece);
        }

        var replies = await dialog.RestAsync();
        return replies + string.Concat(dialog.Messages.Select(message => $"{message.Envelope.ReversePath} {Encoding.UTF8.GetString(message.Content.Span)}"));
    }
}
