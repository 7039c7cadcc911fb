using SmimeGateway.Mime.Tests.Corpus;

namespace SmimeGateway.Mime.Tests;

public sealed class HeaderFieldTests
{
    [Theory]
    [InlineData("Subject: one\r\n two\r\n\tthree \r\n", "one two\tthree")]
    [InlineData("Subject:\r\n only folded\r\n", "only folded")]
    [InlineData("Subject :obsolete blank\r\n", "obsolete blank")]
    [InlineData("SUBJECT:\r\n", "")]
    [InlineData("Subject: a lone\rreturn stays\r\n", "a lone\rreturn stays")]
    public void The_body_is_unfolded_and_trimmed(string raw, string expected)
    {
        Read.Message(raw + "\r\n").Header.Find("Subject")!.Body.ShouldBe(expected);
    }

    [Fact]
    public void A_body_is_read_as_utf_8_or_else_as_latin_1()
    {
        Read.Message("Subject: gr\u00C3\u00BCn\r\n\r\n").Header[0].Body.ShouldBe("gr\u00FCn");
        Read.Message("Subject: gr\u00FCn\r\n\r\n").Header[0].Body.ShouldBe("gr\u00FCn");
    }

    [Theory]
    [InlineData("=?utf-8?Q?gr=C3=BCn?= tea", "gr\u00FCn tea")]
    [InlineData("=?ISO-8859-1?B?Z3L8bg==?=", "gr\u00FCn")]
    [InlineData("=?utf-8?Q?one?= =?utf-8?Q?_two?=", "one two")]
    [InlineData("=?utf-8?Q?split_=C3?= =?utf-8?Q?=BC?=", "split \u00FC")]
    [InlineData("a =?utf-8?Q?b?= c", "a b c")]
    [InlineData("=?iso-2022-jp?B?GyRCJDMkcyRLJEEkTxsoQg==?=", "\u3053\u3093\u306B\u3061\u306F")]
    [InlineData("=?unheard-of?Q?plain?=", "plain")]
    [InlineData("=?utf-8?X?none?= =? ?= =?", "=?utf-8?X?none?= =? ?= =?")]
    [InlineData("=?utf-8*en?Q?language?=", "language")]
    public void Encoded_words_are_decoded_and_what_is_none_stays(string body, string expected)
    {
        Read.Message($"Subject: {body}\r\n\r\n").Header[0].Text.ShouldBe(expected);
    }

    [Fact]
    public void A_field_is_found_by_its_name_in_any_case_and_not_by_a_part_of_it()
    {
        var header = Read.Message("X-From: a\r\nfrom: b\r\nFROM: c\r\n\r\n").Header;

        header.Find("From")!.Body.ShouldBe("b");
        header.FindAll("From").Select(field => field.Body).ShouldBe(["b", "c"]);
        header.Find("Fro").ShouldBeNull();
    }
}
