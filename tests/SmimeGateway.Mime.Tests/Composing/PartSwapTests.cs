using System.Text;
using SmimeGateway.Mime.Composing;

namespace SmimeGateway.Mime.Tests.Composing;

public sealed class PartSwapTests
{
    private const string Old = "Content-Type: application/x-old\r\n\r\nold";
    private const string New = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nnew";
    private const string Header = "Received: from a\r\n\tby b\r\nFrom: a@example.com\r\nX-Odd : \u00E4 \r\nMIME-Version: 1.0\r\n";

    private static readonly string[] Open = ["mixed", "alternative", "related"];
    private static readonly string[] Closed = ["signed", "encrypted", "report", "digest", "parallel", "x-own"];

    // The tree and what has to come of it are written side by side.
    [Fact]
    public void Nothing_changes_but_the_parts_that_are_replaced()
    {
        var random = new Random(2046);
        var replaced = 0;
        for (var run = 0; run < 5_000; run++)
        {
            var number = 0;
            var (before, after) = Tree(random, depth: 0, isOpen: true, ref number);

            var result = Swap(Header + before, _ => new NewParts([NewPart.Text("plain", "new")]));

            replaced += before == after ? 0 : 1;
            result.ShouldBe(before == after ? null : Header + after, $"run {run}");
        }

        replaced.ShouldBeGreaterThan(500);
    }

    [Fact]
    public void Several_parts_become_several_parts_of_a_multipart_mixed_and_one_of_any_other()
    {
        NewParts two = new([NewPart.Text("plain", "new"), NewPart.Text("plain", "new")]);
        const string Mixed = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + Old + "\r\n--b--\r\n";

        var mixed = Swap(Header + Mixed, _ => two);
        var related = Swap(Header + Mixed.Replace("mixed", "related", StringComparison.Ordinal), _ => two);

        mixed.ShouldBe(Header + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + New + "\r\n--b\r\n" + New + "\r\n--b--\r\n");
        related.ShouldNotBeNull().ShouldStartWith(Header + "Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/mixed; boundary=\"=_");
    }

    [Fact]
    public void What_stands_before_a_part_can_be_kept_in_what_comes_in_the_place_of_both()
    {
        const string Before = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nKöln";
        const string Mail = Header + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + Before + "\r\n--b\r\n" + Old + "\r\n--b--\r\n";

        var result = Swap(Mail, leaf => new NewParts([NewPart.Multipart("alternative", [NewPart.Kept(leaf.Before!), NewPart.Text("html", "new")])], TakesBefore: true)).ShouldNotBeNull();

        result.ShouldContain("\r\n\r\n--b\r\nContent-Type: multipart/alternative; boundary=\"=_");
        result.ShouldContain("\r\nContent-Transfer-Encoding: 8bit\r\n\r\n--=_");
        result.ShouldContain("\r\n" + Before + "\r\n--=_");
        Entity.TryParse(Encoding.UTF8.GetBytes(result), MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        entity!.TryGetParts(out var parts, out _).ShouldBeTrue();
        parts!.ShouldHaveSingleItem().TryGetParts(out var forms, out _).ShouldBeTrue();
        forms!.Select(form => form.ContentType.MediaType).ShouldBe(["text/plain", "text/html"]);
    }

    [Fact]
    public void A_message_that_is_one_part_keeps_all_of_its_header_that_does_not_describe_the_part()
    {
        const string Mail = "From x@y Mon\r\nReceived: a\r\nContent-Disposition: attachment; filename=x\r\nContent-Language: de\r\n" + "Content-Type: application/x-old\r\nContent-Transfer-Encoding: base64\r\nSubject: s\r\n\r\nold";

        Swap(Mail, _ => new NewParts([NewPart.Text("plain", "new")])).ShouldBe("From x@y Mon\r\nReceived: a\r\nContent-Language: de\r\nSubject: s\r\nMIME-Version: 1.0\r\n" + New);
    }

    [Fact]
    public void A_multipart_without_an_end_still_has_none() =>
        Swap(Header + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + Old + "\r\n", _ => new NewParts([NewPart.Text("plain", "new")]))
            .ShouldBe(Header + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + New);

    [Theory]
    [InlineData("Content-Type: application/x-old\r\nContent-Type: text/plain\r\n\r\nold")]
    [InlineData("Content-Type: application/x-old\r\nno field\r\n\r\nold")]
    [InlineData("Content-Type: message/rfc822\r\n\r\n" + Old)]
    [InlineData("Content-Type: multipart/mixed; boundary=b; boundary=c\r\n\r\n--b\r\n" + Old + "\r\n--b--\r\n")]
    public void What_programs_read_in_several_ways_and_what_is_a_message_of_its_own_stays(string content) =>
        Swap(Header + content, _ => new NewParts([NewPart.Text("plain", "new")])).ShouldBeNull();

    [Theory]
    [InlineData("a\nb\rc\r\nd\u0000\u0007\u009Fe\tf", "a\r\nb\r\nc\r\nde\tf")]
    [InlineData("From me\r\n.\r\n \r\n", "From me\r\n.\r\n \r\n")]
    [InlineData("\u65E5\u672C \uD83D\uDE00", "\u65E5\u672C \uD83D\uDE00")]
    public void A_text_arrives_in_lines_of_mail(string text, string expected)
    {
        var mail = Swap(Header + Old, _ => new NewParts([NewPart.Text("plain", text)])).ShouldNotBeNull();

        mail.ShouldAllBe(character => character < 256);
        Entity.TryParse(Encoding.Latin1.GetBytes(mail), MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        Encoding.UTF8.GetString(entity!.DecodeBody()).ShouldBe(expected);
        mail[(Header.Length)..].Split("\r\n").ShouldAllBe(line => line.Length <= 76 && !line.EndsWith(' '));
    }

    private static (string Before, string After) Tree(Random random, int depth, bool isOpen, ref int number)
    {
        switch (depth == 4 ? random.Next(3) : random.Next(6))
        {
            case 0:
                return (Old, isOpen ? New : Old);
            case 1:
                return ("Content-Type: text/plain\r\n\r\n--b\r\n\u00E4  \r\n\r\n", "Content-Type: text/plain\r\n\r\n--b\r\n\u00E4  \r\n\r\n");
            case 2:
                var message = "Content-Type: message/rfc822\r\n\r\nSubject: s\r\n" + Old;
                return (message, message);
            default:
                var subtype = random.Next(3) == 0 ? Closed[random.Next(Closed.Length)] : Open[random.Next(Open.Length)];
                var boundary = $"b{number++}";
                var head = $"Content-Type: multipart/{subtype};\r\n boundary=\"{boundary}\"; x=y\r\n\r\n{(random.Next(2) == 0 ? "preamble\r\n" : "")}";
                var (before, after) = (new StringBuilder(head), new StringBuilder(head));
                for (var parts = random.Next(1, 4); parts > 0; parts--)
                {
                    var (one, other) = Tree(random, depth + 1, isOpen && Open.Contains(subtype), ref number);
                    before.Append("--").Append(boundary).Append(parts == 2 ? " \t\r\n" : "\r\n").Append(one).Append("\r\n");
                    after.Append("--").Append(boundary).Append(parts == 2 ? " \t\r\n" : "\r\n").Append(other).Append("\r\n");
                }

                var end = random.Next(3) switch { 0 => $"--{boundary}--", 2 => $"--{boundary}--\r\nepilogue", _ => $"--{boundary}--\r\n" };
                return (before.Append(end).ToString(), after.Append(end).ToString());
        }
    }

    private static string? Swap(string mail, Func<SwappedLeaf, NewParts> replace)
    {
        var octets = mail.Contains('ö', StringComparison.Ordinal) ? Encoding.UTF8.GetBytes(mail) : Encoding.Latin1.GetBytes(mail);
        Entity.TryParse(octets, MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        var result = new PartSwap(leaf => leaf.Leaf.ContentType.MediaType == "application/x-old" ? replace(leaf) : null).Apply(entity!);
        return result is null ? null : (mail.Contains('ö', StringComparison.Ordinal) ? Encoding.UTF8 : Encoding.Latin1).GetString(result);
    }
}
