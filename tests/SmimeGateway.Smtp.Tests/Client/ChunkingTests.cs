using System.Text;
using FsCheck.Fluent;
using SmimeGateway.Smtp.Client;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests.Client;

public sealed class ChunkingTests
{
    private const int Megabyte = 1024 * 1024;

    public static TheoryData<bool> Pipelining => [true, false];

    [Fact]
    public async Task The_envelope_is_one_write_and_the_content_another()
    {
        await using var nextHop = Offer();

        await OpenSession.SendAsync(nextHop, SomeMail.To("bob@example.net", "carol@example.net"), SomeMail.Content);

        nextHop.Reads.Skip(1).ShouldBe(
        [
            "MAIL FROM:<alice@example.com>\r\nRCPT TO:<bob@example.net>\r\nRCPT TO:<carol@example.net>\r\n",
            "BDAT 25 LAST\r\nSubject: hello\r\n\r\nBody.\r\n",
        ]);
    }

    [Fact]
    public async Task Without_pipelining_every_command_waits_for_the_reply_before_it()
    {
        await using var nextHop = Offer(pipelining: false);

        await OpenSession.SendAsync(nextHop, SomeMail.To("bob@example.net", "carol@example.net"), SomeMail.Content);

        nextHop.Reads.Skip(1).ShouldBe(
        [
            "MAIL FROM:<alice@example.com>\r\n", "RCPT TO:<bob@example.net>\r\n", "RCPT TO:<carol@example.net>\r\n",
            "BDAT 25 LAST\r\nSubject: hello\r\n\r\nBody.\r\n",
        ]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(".\r\n..\r\n")]
    [InlineData("a\r\n.\r\nMAIL FROM:<mallory@example.org>\r\n")]
    [InlineData("a\n.\n\r.\rb\r\r\n.\r\n\0")]
    [InlineData("no end")]
    public async Task No_octet_is_changed_and_none_ends_the_content(string content)
    {
        await using var nextHop = Offer();

        await OpenSession.SendAsync(nextHop, SomeMail.Envelope, Encoding.Latin1.GetBytes(content));

        Encoding.Latin1.GetString(nextHop.Messages.Single().Wire).ShouldBe(content);
        nextHop.Commands.Count.ShouldBe(4);
    }

    [Theory]
    [InlineData(64 * 1024, 1)]
    [InlineData(68 * 1024, 1)]
    [InlineData(Megabyte - 1, 1)]
    [InlineData(Megabyte, 1)]
    [InlineData(Megabyte + 1, 2)]
    [InlineData((3 * Megabyte) + 5, 4)]
    public async Task Long_content_travels_in_chunks_and_arrives_byte_for_byte(int bytes, int chunks)
    {
        foreach (var pipelining in new[] { true, false })
        {
            await using var nextHop = Offer(pipelining);
            var content = SomeMail.ContentOf(bytes);

            var outcome = await OpenSession.SendAsync(nextHop, SomeMail.Envelope, content);

            outcome.Recipients.Single().Action.ShouldBe(DeliveryAction.Delivered);
            nextHop.Messages.Single().Content.AsSpan().SequenceEqual(content).ShouldBeTrue();
            var commands = nextHop.Commands.Where(line => line.StartsWith("BDAT", StringComparison.Ordinal)).ToList();
            commands.Count.ShouldBe(chunks);
            commands.Count(line => line.EndsWith(" LAST", StringComparison.Ordinal)).ShouldBe(1);
        }
    }

    [Theory]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    public async Task Content_that_nobody_would_get_is_not_sent(string command)
    {
        foreach (var pipelining in new[] { true, false })
        {
            var isScripted = true;
            await using var nextHop = Offer(pipelining);
            nextHop.Script = (verb, _) => isScripted && verb == command ? ScriptedReply.Say("550 5.7.1 No") : null;
            await using var session = await OpenSession.WithAsync(nextHop);

            var refused = await session.SendAsync(SomeMail.To("bob@example.net", "carol@example.net"), SomeMail.Content, default);
            nextHop.Commands.ShouldNotContain(line => line.StartsWith("BDAT", StringComparison.Ordinal));
            isScripted = false;
            var accepted = await session.SendAsync(SomeMail.Envelope, SomeMail.Content, default);

            refused.Recipients.ShouldAllBe(status => status.Action == DeliveryAction.Failed && status.Diagnostic == "550 5.7.1 No");
            accepted.Recipients.Single().Action.ShouldBe(DeliveryAction.Delivered);
            nextHop.Commands.Count(line => line == "RSET").ShouldBe(command == "RCPT" ? 1 : 0);
        }
    }

    [Theory]
    [InlineData("552 Too big", DeliveryAction.Failed, "5.3.4")]
    [InlineData("452 Full", DeliveryAction.Delayed, "4.3.1")]
    [InlineData("554 5.6.0 No", DeliveryAction.Failed, "5.6.0")]
    public async Task A_refused_chunk_ends_the_content_and_leaves_a_session_that_can_go_on(string reply, DeliveryAction action, string status)
    {
        foreach (var command in new[] { "BDAT", "DOT" })
        {
            foreach (var pipelining in new[] { true, false })
            {
                var isScripted = true;
                await using var nextHop = Offer(pipelining);
                nextHop.Script = (verb, _) => isScripted && verb == command ? ScriptedReply.Say(reply) : null;
                await using var session = await OpenSession.WithAsync(nextHop);

                var refused = await session.SendAsync(SomeMail.Envelope, SomeMail.ContentOf(5 * Megabyte), default);
                var sent = nextHop.Commands.Count(line => line.StartsWith("BDAT", StringComparison.Ordinal));
                isScripted = false;
                var accepted = await session.SendAsync(SomeMail.Envelope, SomeMail.Content, default);

                refused.Recipients.Single().Action.ShouldBe(action);
                refused.Recipients.Single().Status.ToString().ShouldBe(status);
                refused.Recipients.Single().Diagnostic.ShouldBe(reply);
                sent.ShouldBe(command == "DOT" ? 5 : pipelining ? 2 : 1);
                accepted.Recipients.Single().Action.ShouldBe(DeliveryAction.Delivered);
                nextHop.Commands.Count(line => line == "RSET").ShouldBe(1);
                nextHop.Messages.Last().Content.ShouldBe(SomeMail.Content.ToArray());
            }
        }
    }

    [Theory]
    [InlineData("BDAT", false)]
    [InlineData("DOT", true)]
    public async Task A_connection_lost_after_the_last_chunk_may_have_delivered_and_before_it_has_not(string command, bool mayHave)
    {
        await using var nextHop = Offer();
        nextHop.Script = (verb, _) => verb == command ? ScriptedReply.Drop : null;
        await using var session = await OpenSession.WithAsync(nextHop);

        var outcome = await Eventually.EndsAsync(session.SendAsync(SomeMail.Envelope, SomeMail.ContentOf(5 * Megabyte), default).AsTask());

        outcome.Recipients.Single().Action.ShouldBe(DeliveryAction.Delayed);
        outcome.Recipients.Single().Diagnostic.Contains("may have arrived", StringComparison.Ordinal).ShouldBe(mayHave);
        outcome.IsUntouched.ShouldBeFalse();
        session.IsReusable.ShouldBeFalse();
    }

    [Theory]
    [InlineData("RCPT", "250 2.1.5 Ok", "250 2.0.0 Ok")]
    [InlineData("BDAT", "250 2.0.0 Ok", "250 2.0.0 Ok")]
    public async Task A_250_sent_ahead_is_never_taken_for_the_answer_to_the_content(string command, params string[] replies)
    {
        await using var nextHop = Offer();
        nextHop.Script = (verb, _) => verb == command ? ScriptedReply.Say(replies) : verb == "DOT" ? ScriptedReply.Hang : null;
        await using var session = await OpenSession.WithAsync(nextHop);

        var outcome = await Eventually.EndsAsync(session.SendAsync(SomeMail.Envelope, SomeMail.ContentOf(Megabyte + 1), default).AsTask());

        outcome.Recipients.Single().Action.ShouldBe(DeliveryAction.Delayed);
        nextHop.Messages.ShouldBeEmpty();
        session.IsReusable.ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_server_said_before_it_hung_up_in_the_middle_of_the_content_is_believed()
    {
        var chunks = 0;
        await using var nextHop = Offer();
        nextHop.Script = (verb, _) => verb == "BDAT" && ++chunks == 2 ? ScriptedReply.SayAndDrop("552 5.3.4 Too much") : null;
        await using var session = await OpenSession.WithAsync(nextHop);

        var outcome = await Eventually.EndsAsync(session.SendAsync(SomeMail.Envelope, SomeMail.ContentOf(20 * Megabyte), default).AsTask());

        // Either the words came through before the connection broke, or nothing did. Never is it taken for a success.
        outcome.Recipients.Single().Action.ShouldNotBe(DeliveryAction.Delivered);
        outcome.Recipients.Single().Diagnostic.ShouldNotContain("sent completely");
        session.IsReusable.ShouldBeFalse();
    }

    [Theory]
    [InlineData("BDAT", 5)]
    [InlineData("DOT", 10)]
    public async Task Each_phase_has_its_own_patience(string command, int minutes)
    {
        var time = new ManualTimeProvider();
        await using var nextHop = Offer();
        nextHop.Script = (verb, _) => verb == command ? ScriptedReply.Hang : null;
        await using var session = await OpenSession.WithAsync(nextHop, time);
        var began = time.GetUtcNow();

        var sending = session.SendAsync(SomeMail.Envelope, SomeMail.ContentOf(Megabyte + 1), default).AsTask();
        await Eventually.TrueAsync(() => nextHop.HasReached(command));
        await time.AdvanceUntilAsync(sending, TimeSpan.FromSeconds(30));

        (await sending).Recipients.Single().Diagnostic.ShouldStartWith("Time ran out while waiting for the server.");
        (time.GetUtcNow() - began).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(minutes));
    }

    [Theory]
    [InlineData("BDAT")]
    [InlineData("DOT")]
    public async Task A_421_delays_and_ends_the_session(string command)
    {
        await using var nextHop = Offer();
        nextHop.Script = (verb, _) => verb == command ? ScriptedReply.SayAndDrop("421 4.3.2 Going down") : null;
        await using var session = await OpenSession.WithAsync(nextHop);

        var outcome = await session.SendAsync(SomeMail.Envelope, SomeMail.ContentOf(Megabyte + 1), default);

        outcome.Recipients.Single().Diagnostic.ShouldBe("421 4.3.2 Going down");
        outcome.Recipients.Single().Action.ShouldBe(DeliveryAction.Delayed);
        session.IsReusable.ShouldBeFalse();
    }

    [Theory]
    [InlineData("500 What")]
    [InlineData("502 5.5.1 Not implemented")]
    public async Task A_server_that_does_not_know_what_it_offers_delays_and_ends_the_session(string reply)
    {
        await using var nextHop = Offer();
        nextHop.Script = (verb, _) => verb == "DOT" ? ScriptedReply.Say(reply) : null;
        await using var session = await OpenSession.WithAsync(nextHop);

        var outcome = await session.SendAsync(SomeMail.Envelope, SomeMail.Content, default);

        outcome.Recipients.Single().Action.ShouldBe(DeliveryAction.Delayed);
        outcome.Recipients.Single().Diagnostic.ShouldBe($"The server broke the protocol: it offers CHUNKING and does not know BDAT ({reply}).");
        session.IsReusable.ShouldBeFalse();
    }

    [Fact]
    public async Task Chunking_that_is_not_wanted_is_not_used()
    {
        await using var nextHop = Offer();

        await using var session = await OpenSession.WithAsync(nextHop, new SmtpClientOptions("gateway.example.com") { UsesChunking = false });
        await session.SendAsync(SomeMail.Envelope, SomeMail.Content, default);

        nextHop.Commands.ShouldContain("DATA");
    }

    [Fact]
    public async Task Whatever_octets_a_message_has_the_server_gets_them_back()
    {
        await using var nextHop = Offer();
        await using var session = await OpenSession.WithAsync(nextHop);
        var pieces = Gen.Elements(".", "\r\n.\r\n", "\n.\n", "\r", "BDAT 3 LAST\r\n", "\r\nQUIT\r\n", "\0", "x", new string('x', 66_000)).ListOf();

        foreach (var sample in pieces.Sample(40, 40))
        {
            var content = Encoding.ASCII.GetBytes(string.Concat(sample));
            await session.SendAsync(SomeMail.Envelope, content, default);
            nextHop.Messages.TryDequeue(out var received).ShouldBeTrue();
            received.Wire.AsSpan().SequenceEqual(content).ShouldBeTrue();
        }
    }

    private static ScriptedNextHop Offer(bool pipelining = true)
    {
        var nextHop = ScriptedNextHop.Start();
        nextHop.Extensions = pipelining ? ["PIPELINING", "CHUNKING"] : ["CHUNKING"];
        return nextHop;
    }
}
