using System.Text;
using SmimeGateway.Mime.Tests.Corpus;

namespace SmimeGateway.Mime.Tests;

public sealed class TextCutTests
{
    [Theory]
    [InlineData("Subject: one two three", "one two", "Subject: three")]
    [InlineData("Subject: one two", "one two", "Subject:")]
    [InlineData("subject:one two", " two", "subject:one")]
    [InlineData("Subject : one two", "one ", "Subject : two")]
    [InlineData("Subject:\r\n one\r\n two", "one ", "Subject:\r\n two")]
    [InlineData("Subject: one\r\n two", " two", "Subject: one")]
    [InlineData("Subject: one\r\n two\r\n\tthree", "two\t", "Subject: one\r\n three")]
    [InlineData("Subject: one\r\n two\r\n three", " two", "Subject: one\r\n three")]
    [InlineData("Subject: one \r\n two \r\n", " two", "Subject: one")]
    [InlineData("Subject: gr\u00FCn one gelb", "one ", "Subject: gr\u00FCn gelb")]
    [InlineData("Subject: gr\u00FCn\r\n one gelb", " one", "Subject: gr\u00FCn gelb")]
    [InlineData("Subject: =?utf-8?Q?one_two?=", "one ", "Subject: two")]
    [InlineData("Subject: =?utf-8?Q?one_gr=C3=BCn?= two", "one ", "Subject: =?utf-8?B?Z3LDvG4gdHdv?=")]
    [InlineData("Subject: =?utf-8?Q?one?=", "one", "Subject:")]
    [InlineData("Subject: =?utf-8?Q?one_=0D=0ABcc:_x_=00=1B?= two", "one ", "Subject: =?utf-8?B?QmNjOiB4ICB0d28=?=")]
    [InlineData("Subject: =?utf-8?B?b25lID0/dXRmLTg/Qj9ZUT09Pz0=?=", "one ", "Subject: =?utf-8?B?PT91dGYtOD9CP1lRPT0/PQ==?=")]
    public void What_is_cut_goes_and_the_rest_stays(string before, string part, string after)
    {
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Latin1 })
        {
            var field = Read.Message(encoding.GetBytes(before + "\r\n\r\n")).Header[0];
            var start = field.Text.IndexOf(part, StringComparison.Ordinal);

            var cut = field.WithoutText([start..(start + part.Length)]);

            encoding.GetString(cut.Raw.Span).ShouldBe(after + "\r\n");
            cut.Text.ShouldBe(field.Text.Remove(start, part.Length).Replace("\r\n", "", StringComparison.Ordinal).Replace("\0\u001B", "", StringComparison.Ordinal).Trim());
        }
    }

    [Fact]
    public void Several_parts_go_at_once()
    {
        var field = Read.Message("Subject: a\r\n b c\r\n d e\r\n\r\n").Header[0];

        field.WithoutText([0..2, 4..6, 6..8]).ToString().ShouldBe("Subject: b e");
        field.WithoutText([]).ShouldBeSameAs(field);
    }

    [Fact]
    public void Encoded_lines_have_76_characters_at_most()
    {
        var text = string.Concat(Enumerable.Repeat("gr\u00FCn und gelb ", 40));
        var words = string.Join("\r\n ", Enumerable.Range(0, 40).Select(_ => $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes("gr\u00FCn und gelb "))}?="));
        var field = Read.Message($"Subject: {words}\r\n\r\n").Header[0];

        var cut = field.WithoutText([0..1]);

        cut.Text.ShouldBe(text[1..].Trim());
        Encoding.ASCII.GetString(cut.Raw.Span).Split("\r\n").ShouldAllBe(line => line.Length <= 76);
    }

    [Fact]
    public void A_line_is_folded_where_a_cut_made_it_too_long()
    {
        var (first, second) = (string.Join(' ', Enumerable.Repeat("left", 13)), string.Join(' ', Enumerable.Repeat("gr\u00FCn", 11)));
        var field = Read.Message(Encoding.UTF8.GetBytes($"Subject: {first} x\r\n {second}\r\n\r\n")).Header[0];

        var cut = field.WithoutText([first.Length..(first.Length + 2)]);

        cut.Text.ShouldBe($"{first} {second}");
        cut.WithoutText([first.Length..(first.Length + 1)]).Text.ShouldBe(first + second);
        Encoding.Latin1.GetString(cut.WithoutText([first.Length..(first.Length + 1)]).Raw.Span).Split("\r\n").ShouldAllBe(line => line.Length <= 78);
    }

    [Fact]
    public void Whatever_is_cut_the_field_stays_one_field()
    {
        var random = new Random(1);
        string[] pieces = ["a", "bc", " ", "\t", "\r\n ", "\r\n\t", "gr\u00FCn", "=?utf-8?Q?x_y?=", "=?utf-8?B?DQo=?=", "=?", "\u00A0", "\uD83D\uDE00"];
        for (var i = 0; i < 3_000; i++)
        {
            var body = string.Concat(Enumerable.Range(0, 12).Select(_ => pieces[random.Next(pieces.Length)]));
            var field = Read.Message(Encoding.UTF8.GetBytes($"Subject: {body}z\r\n\r\n")).Header[0];
            var start = random.Next(field.Text.Length);
            var end = random.Next(start, field.Text.Length + 1);

            var cut = field.WithoutText([start..end]);

            // An emoji that was cut in two goes as a whole.
            cut.Text.ShouldNotContain("\uFFFD");
            var header = Read.Message(cut.Raw.ToArray().Concat("\r\nbody"u8.ToArray()).ToArray()).Header;
            header.Single().Name.ShouldBe("Subject", body);
            header.Raw.Length.ShouldBe(cut.Raw.Length, body);
            BlankLines(cut).ShouldBe(1, body);
        }
    }

    private static int BlankLines(HeaderField field) =>
        Encoding.Latin1.GetString(field.Raw.Span).Split("\r\n").Count(line => line.Trim(' ', '\t').Length == 0);
}
