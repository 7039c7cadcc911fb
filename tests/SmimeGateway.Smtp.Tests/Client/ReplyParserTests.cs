using System.Text;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Smtp.Tests.Client;

public sealed class ReplyParserTests
{
    [Fact]
    public void A_single_line_gives_code_enhanced_code_and_text()
    {
        var reply = Parse("550 5.1.1 No such user\r\n");

        reply.ShouldBe(new ServerReply(550, new EnhancedStatus(5, 1, 1), "550 5.1.1 No such user"));
    }

    [Fact]
    public void The_lines_of_one_reply_are_joined()
    {
        var parser = new ReplyParser();

        parser.Parse("250-mx.example.net\r\n250-SIZE 1000\r\n250 8BITMIME\r\n"u8, out _).ShouldBe(ReplyProgress.Complete);

        parser.Reply!.Text.ShouldBe("250 mx.example.net SIZE 1000 8BITMIME");
        parser.Lines.ShouldBe(["mx.example.net", "SIZE 1000", "8BITMIME"]);
    }

    [Theory]
    [InlineData("250\r\n", "250")]
    [InlineData("250 \r\n", "250")]
    [InlineData("250 ok\n", "250 ok")]
    public void Sloppy_but_clear_replies_are_understood(string wire, string text) => Parse(wire).Text.ShouldBe(text);

    [Theory]
    [InlineData("hello\r\n")]
    [InlineData("\r\n")]
    [InlineData("25\r\n")]
    [InlineData("150 ok\r\n")]
    [InlineData("650 ok\r\n")]
    [InlineData("2x0 ok\r\n")]
    [InlineData("250ok\r\n")]
    [InlineData("250-ok\r\n251 ok\r\n")]
    [InlineData("250-ok\r\nhello\r\n")]
    [InlineData(" 250 ok\r\n")]
    public void What_is_no_reply_is_malformed(string wire)
    {
        var parser = new ReplyParser();

        parser.Parse(Encoding.ASCII.GetBytes(wire), out _).ShouldBe(ReplyProgress.Malformed);

        parser.Fault.ShouldNotBeNullOrEmpty();
        parser.Parse("250 ok\r\n"u8, out _).ShouldBe(ReplyProgress.Malformed, "a session is not trusted again");
    }

    [Fact]
    public void Every_split_of_a_reply_gives_the_same_reply()
    {
        var wire = "250-one\r\n250 2.0.0 two\r\n"u8.ToArray();
        for (var split = 0; split <= wire.Length; split++)
        {
            var parser = new ReplyParser();
            var progress = parser.Parse(wire.AsSpan(0, split), out var consumed);
            if (split < wire.Length)
            {
                progress.ShouldBe(ReplyProgress.NeedsMore);
                progress = parser.Parse(wire.AsSpan(consumed), out _);
            }

            progress.ShouldBe(ReplyProgress.Complete);
            parser.Reply!.Text.ShouldBe("250 one 2.0.0 two");
        }
    }

    [Fact]
    public void The_reply_behind_is_left_alone()
    {
        var parser = new ReplyParser();

        parser.Parse("250 one\r\n250 two\r\n"u8, out var consumed);

        consumed.ShouldBe("250 one\r\n".Length);
        parser.Reply!.Text.ShouldBe("250 one");
    }

    [Fact]
    public void The_same_words_again_give_the_same_object()
    {
        var parser = new ReplyParser();

        parser.Parse("250 2.1.0 Ok\r\n"u8, out _);
        var first = parser.Reply;
        parser.Parse("250 2.1.0 Ok\r\n"u8, out _);

        parser.Reply.ShouldBeSameAs(first);
    }

    [Fact]
    public void A_line_without_end_is_malformed_once_it_is_too_long()
    {
        var parser = new ReplyParser();
        var line = new byte[ReplyParser.MaxLineBytes];
        line.AsSpan().Fill((byte)'2');

        parser.Parse(line.AsSpan(1), out _).ShouldBe(ReplyProgress.NeedsMore);
        parser.Parse(line, out _).ShouldBe(ReplyProgress.Malformed);
    }

    [Fact]
    public void A_reply_without_end_is_malformed_once_it_has_too_many_lines()
    {
        var parser = new ReplyParser();
        var line = "250-more\r\n"u8.ToArray();

        var progress = ReplyProgress.NeedsMore;
        var lines = 0;
        for (; progress == ReplyProgress.NeedsMore && lines < 1000; lines++)
        {
            progress = parser.Parse(line, out _);
        }

        progress.ShouldBe(ReplyProgress.Malformed);
        lines.ShouldBe(ReplyParser.MaxLines + 1);
    }

    [Fact]
    public void The_text_kept_is_bounded()
    {
        var line = Encoding.ASCII.GetBytes("250-" + new string('x', 900) + "\r\n");
        var parser = new ReplyParser();
        for (var i = 0; i < 50; i++)
        {
            parser.Parse(line, out _);
        }

        parser.Parse("250 end\r\n"u8, out _);

        parser.Reply!.Text.Length.ShouldBe(ReplyParser.MaxTextChars);
    }

    [Theory]
    [InlineData("550 4.1.1 class differs\r\n")]
    [InlineData("550 5.1 too short\r\n")]
    [InlineData("550 5.1.1x glued\r\n")]
    [InlineData("550 5.1111.1 too long\r\n")]
    [InlineData("550 5..1 empty\r\n")]
    [InlineData("550 no code\r\n")]
    public void A_doubtful_enhanced_code_is_not_taken(string wire) => Parse(wire).Status.ShouldBeNull();

    [Theory]
    [InlineData("x")]
    [InlineData("\u00fc")]
    [InlineData("\u0001")]
    public void The_largest_reply_that_is_taken_costs_less_than_a_megabyte(string character)
    {
        var text = string.Concat(Enumerable.Repeat(character, (ReplyParser.MaxLineBytes - 8) / Encoding.UTF8.GetByteCount(character)));
        var line = Encoding.UTF8.GetBytes($"250-{text}\r\n");
        var last = Encoding.UTF8.GetBytes($"250 {text}\r\n");
        var parser = new ReplyParser();
        parser.Parse(line, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 2; i < ReplyParser.MaxLines; i++)
        {
            parser.Parse(line, out _).ShouldBe(ReplyProgress.NeedsMore);
        }

        parser.Parse(last, out _).ShouldBe(ReplyProgress.Complete);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000_000);
        parser.Reply!.Text.Length.ShouldBe(ReplyParser.MaxTextChars);
    }

    [Fact]
    public void A_challenge_may_be_longer_than_other_texts_and_is_forgotten_with_the_next_reply()
    {
        var parser = new ReplyParser();
        var challenge = new string('A', 4000);

        parser.Parse(Encoding.ASCII.GetBytes($"334 {challenge}\r\n"), out _).ShouldBe(ReplyProgress.Complete);
        var kept = parser.Challenge;
        parser.Parse("235 ok\r\n"u8, out _).ShouldBe(ReplyProgress.Complete);

        kept.ShouldBe(challenge);
        parser.Challenge.ShouldBeEmpty();
    }

    private static ServerReply Parse(string wire)
    {
        var parser = new ReplyParser();
        parser.Parse(Encoding.UTF8.GetBytes(wire), out _).ShouldBe(ReplyProgress.Complete);
        return parser.Reply!;
    }
}
