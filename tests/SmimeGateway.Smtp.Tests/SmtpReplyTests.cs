using System.Reflection;
using System.Text;

namespace SmimeGateway.Smtp.Tests;

public sealed class SmtpReplyTests
{
    [Fact]
    public void Every_line_carries_code_and_enhanced_status()
    {
        var reply = new SmtpReply(550, new EnhancedStatus(5, 7, 1), ["one", "two", "three"]);

        Wire(reply).ShouldBe("550-5.7.1 one\r\n550-5.7.1 two\r\n550 5.7.1 three\r\n");
    }

    [Fact]
    public void A_reply_without_enhanced_status_carries_none() =>
        Wire(SmtpReply.OneLine(354, null, "go on")).ShouldBe("354 go on\r\n");

    [Fact]
    public void Nothing_in_a_text_can_end_the_line_or_hide() =>
        Wire(SmtpReply.OneLine(550, new EnhancedStatus(5, 1, 1), "a\r\n250 ok\0\u001b[2J\u0085b")).ShouldBe("550 5.1.1 a??250 ok??[2J?b\r\n");

    [Theory]
    [InlineData("x")]
    [InlineData("ü")]
    [InlineData("😀")]
    public void A_long_text_goes_on_in_further_lines_of_at_most_512_octets(string letter)
    {
        var text = string.Concat(Enumerable.Repeat(letter, 3000));
        var reply = SmtpReply.OneLine(451, new EnhancedStatus(4, 3, 0), text);

        var lines = Wire(reply).Split("\r\n")[..^1];

        lines.ShouldAllBe(line => Encoding.UTF8.GetByteCount(line) <= 510);
        lines[..^1].ShouldAllBe(line => line.StartsWith("451-4.3.0 ", StringComparison.Ordinal));
        lines[^1].ShouldStartWith("451 4.3.0 ");
        string.Concat(lines.Select(line => line["451-4.3.0 ".Length..])).ShouldBe(text);
    }

    [Fact]
    public void No_line_is_longer_wherever_its_blanks_and_its_long_letters_are()
    {
        EnhancedStatus?[] statuses = [null, new(4, 3, 0), new(5, 7, 10), new(5, 17, 10), new(5, 123, 456)];
        foreach (var status in statuses)
        {
            for (var before = 0; before < 9; before++)
            {
                foreach (var letter in new[] { "x", "\u00FC", "\u20AC", "\U0001F600" })
                {
                    var text = new string('a', before) + ' ' + string.Concat(Enumerable.Repeat(letter, 600));

                    var lines = Wire(SmtpReply.OneLine(451, status, text)).Split("\r\n")[..^1];

                    lines.ShouldAllBe(line => Encoding.UTF8.GetByteCount(line) <= 510, $"{status} {before} {letter}");
                    string.Concat(lines.Select(line => line[(status is null ? 4 : 5 + status.ToString()!.Length)..])).Replace(" ", string.Empty, StringComparison.Ordinal)
                        .ShouldBe(text.Replace(" ", string.Empty, StringComparison.Ordinal));
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(55)]
    [InlineData(1000)]
    public void A_long_text_goes_on_at_a_blank_so_that_every_queue_id_is_on_one_line(int count)
    {
        var ids = Enumerable.Range(0, count).Select(number => $"D2504QVVG{number:000}").ToList();

        var lines = Wire(SmtpReply.OneLine(250, new EnhancedStatus(2, 0, 0), "queued as " + string.Join(' ', ids))).Split("\r\n")[..^1];

        lines.ShouldAllBe(line => line.Length <= 510);
        lines.SelectMany(line => line["250-2.0.0 ".Length..].Split(' ')).ShouldBe(["queued", "as", .. ids]);
    }

    [Fact]
    public void Fixed_replies_carry_the_enhanced_status_of_their_class()
    {
        var replies = typeof(Replies).GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(property => (SmtpReply)property.GetValue(null)!).ToList();

        replies.Count.ShouldBeGreaterThan(30);
        replies.Where(reply => reply.Status is not null).ShouldAllBe(reply => reply.Status!.Value.Class == reply.Code / 100);

        // RFC 2034 section 3: neither replies to EHLO and HELO nor 3xx.
        replies.Where(reply => reply.Status is null).ShouldBe([Replies.StartInput, Replies.LoginBegins, Replies.NameMissing], ignoreOrder: true);
    }

    [Fact]
    public void Replies_are_equal_when_they_say_the_same()
    {
        var one = SmtpReply.OneLine(250, new EnhancedStatus(2, 0, 0), "ok");
        var same = SmtpReply.OneLine(250, new EnhancedStatus(2, 0, 0), "ok");
        one.Encode();

        same.ShouldBe(one);
        same.GetHashCode().ShouldBe(one.GetHashCode());
        SmtpReply.OneLine(250, new EnhancedStatus(2, 0, 0), "no").ShouldNotBe(one);
    }

    [Fact]
    public void A_log_shows_a_reply_on_one_line() =>
        new SmtpReply(550, new EnhancedStatus(5, 7, 1), ["one\r\n", "two"]).ToString().ShouldBe("550 5.7.1 one?? / two");

    private static string Wire(SmtpReply reply) => Encoding.UTF8.GetString(reply.Encode().Span);
}
