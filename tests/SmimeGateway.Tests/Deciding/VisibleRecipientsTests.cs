using System.Text;
using SmimeGateway.Deciding;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;

namespace SmimeGateway.Tests.Deciding;

public sealed class VisibleRecipientsTests
{
    private static readonly string[] All = ["u1@a.example", "u2@a.example", "u3@a.example"];

    [Theory]
    [InlineData("u1@a.example, u2@a.example, u3@a.example")]
    [InlineData("u1@a.example; u2@a.example; u3@a.example")]
    [InlineData("u1@a.example; \"Two; 2\" <u2@a.example>, u3@a.example;")]
    [InlineData("Doe, John <u1@a.example>, u2@a.example, u3@a.example")]
    [InlineData("Doe; John <u1@a.example>; Roe, Jane <u2@a.example>; <u3@a.example>")]
    [InlineData("[Shop] <u1@a.example>, a:b@c <u2@a.example>, U3@A.example")]
    [InlineData("u1@a.example, nobody@, <>, u2@a.example, (comment u3@a.example, u3@a.example")]
    [InlineData("Team: u1@a.example, <broken, u2@a.example;, u3@a.example")]
    [InlineData("u1@a.example <u1@a.example>, u2@a.example (two), <u3@a.example>")]
    public void Whoever_can_be_read_in_a_list_is_visible(string list)
    {
        // A comment that does not end takes what is behind it with it.
        var expected = list.Contains("(comment", StringComparison.Ordinal) ? All[..2] : All;

        Seen($"To: {list}\r\n", All).ShouldBe(expected);
    }

    [Theory]
    [InlineData("\"u1@a.example, u2@a.example\" <x@y.example>; z")]
    [InlineData("(u1@a.example, u2@a.example) x@y.example; z")]
    [InlineData("\"open, u1@a.example, u2@a.example; u3@a.example")]
    [InlineData("x@y.example; (open, <u1@a.example>; u2@a.example")]
    [InlineData("\"\\\"; u1@a.example; \" <x@y.example>; z")]
    [InlineData("u1@a.example u2@a.example; u3@a.example.org")]
    [InlineData("<u1@a.example> <u2@a.example x>; xu3@a.example")]
    [InlineData("=?utf-8?q?u1=40a.example?= <x@y.example>; =?utf-8?q?u2=40a.example?=")]
    public void Nobody_is_visible_whose_address_does_not_stand_there_as_one(string list) =>
        Seen($"To: {list}\r\n", All).ShouldBeEmpty();

    [Fact]
    public void A_blind_recipient_stays_blind_in_whatever_list_the_others_stand()
    {
        var random = new Random(20261128);
        string[] pieces =
            ["u1@a.example", "u2@a.example", "(", ")", "<", ">", ",", ";", ":", " ", "Doe", "@", ".", "=?utf-8?q?x?=", "\"blind@a.example\"", "(blind@a.example)"];
        for (var round = 0; round < 20_000; round++)
        {
            var list = string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => pieces[random.Next(pieces.Length)]));

            BrokenAddressList.Read(list).Where(mailbox => mailbox.Address == "blind@a.example").ShouldBeEmpty(list);
        }
    }

    [Fact]
    public void The_form_of_an_address_makes_nobody_blind() =>
        Seen("To: INFO@MÜLLER.example\r\nCc: \"a..b\"@docomo.example\r\n", "info@xn--mller-kva.example", "a..b@docomo.example.").Count.ShouldBe(2);

    [Fact]
    public void A_local_part_with_dots_anywhere_is_read() =>
        Seen("To: a..b@docomo.example, ab.@docomo.example, Dot <.ab@docomo.example>\r\n", "a..b@docomo.example", "ab.@docomo.example", ".ab@docomo.example")
            .Count.ShouldBe(3);

    private static List<string> Seen(string header, params string[] recipients)
    {
        Entity.TryParse(Encoding.UTF8.GetBytes(header + "\r\n"), MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        var visible = new VisibleRecipients(entity!.Header);
        return [.. recipients.Where(address => visible.Include(MailPath.TryParse(address, out var path) ? path : MailPath.Null))];
    }
}
