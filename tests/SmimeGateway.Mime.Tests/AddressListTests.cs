namespace SmimeGateway.Mime.Tests;

public sealed class AddressListTests
{
    [Theory]
    [InlineData("a@example.com", "|a@example.com")]
    [InlineData("<a@example.com>", "|a@example.com")]
    [InlineData("A B <a@example.com>", "A B|a@example.com")]
    [InlineData("\"B, A\" <a@example.com>", "B, A|a@example.com")]
    [InlineData("J. R. Doe <a@example.com>", "J. R. Doe|a@example.com")]
    [InlineData("(c) a (x (y)) @ (z) example . com (end)", "|a@example.com")]
    [InlineData("\"a b\"@example.com", "|\"a b\"@example.com")]
    [InlineData("\"a.b\"@example.com", "|a.b@example.com")]
    [InlineData("\"q\\\"\\\\\"@example.com", "|\"q\\\"\\\\\"@example.com")]
    [InlineData("a@[192.0.2.1]", "|a@[192.0.2.1]")]
    [InlineData("a@[IPv6:2001:db8::1]", "|a@[IPv6:2001:db8::1]")]
    [InlineData("<@one,@two:a@example.com>", "|a@example.com")]
    [InlineData("a@x.de, , b@x.de,", "|a@x.de; |b@x.de")]
    [InlineData("team: a@x.de, B <b@x.de>;, c@x.de", "|a@x.de; B|b@x.de; |c@x.de")]
    [InlineData("undisclosed-recipients:;", "")]
    [InlineData("=?utf-8?Q?J=C3=B6rg?= <j@x.de>", "J\u00F6rg|j@x.de")]
    [InlineData("=?utf-8?Q?M=C3=BCller,_J?= <j@x.de>", "M\u00FCller, J|j@x.de")]
    [InlineData("J\u00F6rg <j\u00F6rg@b\u00FCcher.example>", "J\u00F6rg|j\u00F6rg@b\u00FCcher.example")]
    public void A_list_that_follows_the_syntax_is_read_whole(string body, string expected)
    {
        AddressList.TryParse(body, out var mailboxes).ShouldBeTrue();

        string.Join("; ", mailboxes.Select(mailbox => $"{mailbox.DisplayName}|{mailbox.Address}")).ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a@")]
    [InlineData("@b")]
    [InlineData("<>")]
    [InlineData("a@b@c")]
    [InlineData("a@b c@d")]
    [InlineData("a@b <c@d>")]
    [InlineData("Doe, John <a@b>")]
    [InlineData("a..b@c")]
    [InlineData(".a@c")]
    [InlineData("a b@c")]
    [InlineData("a@b.")]
    [InlineData("<a@b")]
    [InlineData("a@b>")]
    [InlineData("a@b (open")]
    [InlineData("\"a@b")]
    [InlineData("group: a@b")]
    [InlineData("outer: inner: a@b;;")]
    [InlineData("a@b\r\nBcc: c@d")]
    [InlineData("\"a\r\"@b")]
    [InlineData("a@b;")]
    public void A_list_that_only_guessing_could_read_is_refused_whole(string body)
    {
        AddressList.TryParse(body, out var mailboxes).ShouldBeFalse();

        mailboxes.ShouldBeEmpty();
    }

    [Fact]
    public void An_encoded_word_cannot_smuggle_an_address()
    {
        AddressList.TryParse("=?utf-8?Q?x?= <a@b>, =?utf-8?Q?<evil@c>?= <d@e>", out var mailboxes).ShouldBeFalse();

        mailboxes.ShouldBeEmpty();
    }
}
