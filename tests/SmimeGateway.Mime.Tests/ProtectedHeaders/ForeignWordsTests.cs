using System.Text;
using SmimeGateway.Mime.ProtectedHeaders;
using SmimeGateway.Mime.Tests.Corpus;

namespace SmimeGateway.Mime.Tests.ProtectedHeaders;

public sealed class ForeignWordsTests
{
    [Theory]
    [InlineData("text/plain; hp=\"cipher\"")]
    [InlineData("text/plain; HP=clear; charset=utf-8")]
    [InlineData("text/plain; hp*=utf-8''cipher")]
    [InlineData("text/plain; hp*0=cip; hp*1=her")]
    [InlineData("text/plain; hp*0*=utf-8''cip; hp*1=her")]
    [InlineData("text/plain;\r\n hp=cipher\r\n ; x=\"\u00FC\"")]
    [InlineData("text/plain; hp=cipher; hp=clear")]
    [InlineData("text/plain; hp=cipher\r\nContent-Type: text/plain; hp=clear")]
    [InlineData("text/plain\r\nContent-Type: text/plain; hp=clear")]
    [InlineData("multipart/signed; hp=\"clear\"; boundary=b")]
    public void What_a_stranger_says_of_protected_headers_is_gone_where_none_are_protected(string type)
    {
        var split = ContentSplit.Split(Read.Message($"From: a@b\r\nContent-Type: {type}\r\n\r\ntext\r\n"));

        var none = HeaderProtection.None(split);

        Text(none).ShouldNotContain("hp", Case.Insensitive);
        Text(none).ShouldEndWith("\r\n\r\ntext\r\n");
        none.OuterFields.ShouldBe(split.OuterFields);
    }

    [Theory]
    [InlineData("text/plain; hp =\t\"cipher\"")]
    [InlineData("text/plain;\r\n hp\r\n =cipher")]
    [InlineData("text/plain; hp(note)=cipher")]
    [InlineData("text/plain hp=cipher")]
    [InlineData("text/html, hp=cipher; charset=utf-8")]
    [InlineData("text/plain; x; hp=cipher")]
    [InlineData("; hp=cipher")]
    [InlineData("text/plain; charset=utf-8\r\nContent-Type: text/plain hp=clear")]
    public void What_cannot_be_taken_out_alone_becomes_a_part_where_it_means_nothing(string type)
    {
        var split = ContentSplit.Split(Read.Message($"From: a@b\r\nContent-Type: {type}\r\n\r\ntext\r\n"));

        foreach (var (message, word) in new[] { (HeaderProtection.None(split), null), (HeaderProtection.ForSigned(split), "clear") })
        {
            var entity = Entity.Assemble(message.ContentFields, message.Body, MimeLimits.Standard);
            entity.ContentType.MediaType.ShouldBe("multipart/mixed");
            entity.ContentType.Parameter("hp").ShouldBe(word);
            entity.TryGetParts(out var parts, out _).ShouldBeTrue();
            parts.ShouldHaveSingleItem().Raw.ToArray().ShouldBe(System.Buffers.BuffersExtensions.ToArray(split.Content));
        }
    }

    [Theory]
    [InlineData("text/plain; x=\"php=y\"")]
    [InlineData("text/plain; x=\"; hp=y\"")]
    [InlineData("text/plain; charset=utf-8; name=hp")]
    [InlineData("multipart/mixed; boundary=\"chp=1\"")]
    public void Whatever_only_looks_a_little_like_it_stays_to_the_octet(string type)
    {
        var split = ContentSplit.Split(Read.Message($"From: a@b\r\nContent-Type: {type}\r\n\r\ntext - hp legacy-display\r\n"));

        HeaderProtection.None(split).ShouldBeSameAs(split);
    }

    [Fact]
    public void A_header_that_is_protected_here_has_one_word_and_it_is_ours()
    {
        var split = ContentSplit.Split(Read.Message("From: a@b\r\nContent-Type: text/plain; hp*=utf-8''cipher; hp=cipher\r\nContent-Type: text/html; hp=cipher\r\n\r\ntext"));

        var text = Text(HeaderProtection.ForSigned(split));

        text.ToUpperInvariant().Split("HP=").Length.ShouldBe(2);
        text.ShouldStartWith("MIME-Version: 1.0\r\nFrom: a@b\r\nContent-Type: multipart/mixed;\r\n hp=\"clear\"; boundary=");
        text.ShouldContain("\r\nContent-Type: text/plain\r\nContent-Type: text/html\r\n\r\ntext\r\n");
    }

    [Theory]
    [InlineData("text/plain; hp-legacy-display=\"1\"", "")]
    [InlineData("text/html; Hp-Legacy-Display=1; charset=utf-8", "")]
    [InlineData("text/plain; hp-legacy-display*=utf-8''1", "")]
    [InlineData("text/plain\r\nContent-Type: text/plain; hp-legacy-display=1", "")]
    [InlineData("text/plain; hp-legacy-display=1", "Content-Disposition: attachment\r\n")]
    [InlineData("application/octet-stream; hp-legacy-display=1", "Content-Transfer-Encoding: base64\r\n")]
    public void No_text_of_any_part_is_marked_to_be_hidden(string type, string fields)
    {
        var leaf = $"Content-Type: {type}\r\n{fields}\r\nfirst lines\r\n\r\nthe rest";
        string[] messages =
        [
            leaf,
            Multipart("m", leaf, "Content-Type: text/html\r\n\r\nother"),
            Multipart("m", "\r\nother", Multipart("n", leaf, leaf) + "\r\n", leaf),
            Multipart("m", "Content-Type: message/rfc822\r\n\r\nSubject: x\r\n" + leaf),
            Multipart("m", "Content-Type: message/rfc822\r\n\r\nSubject: x\r\n" + Multipart("n", leaf)),
        ];
        foreach (var message in messages)
        {
            var split = ContentSplit.Split(Read.Message("From: a@b\r\n" + message));

            var none = HeaderProtection.None(split);

            Text(none).ShouldNotContain("legacy-display", Case.Insensitive);
            Lines(none).ShouldBe(Lines(split));
            Text(HeaderProtection.ForEncrypted(split, legacyDisplay: true)).ShouldNotContain("legacy-display", Case.Insensitive);
        }
    }

    [Fact]
    public void What_came_signed_keeps_its_own_words()
    {
        var signed = Multipart("s", "Content-Type: text/plain; hp=\"clear\"; hp-legacy-display=\"1\"\r\n\r\nx", "Content-Type: application/pkcs7-signature\r\n\r\n")
            .Replace("mixed", "signed", StringComparison.Ordinal);
        foreach (var message in new[] { signed, Multipart("m", signed, "\r\nother") })
        {
            var split = ContentSplit.Split(Read.Message("From: a@b\r\n" + message));

            HeaderProtection.None(split).Body.ToArray().ShouldBe(split.Body.ToArray());
        }
    }

    private static string Multipart(string boundary, params string[] parts) =>
        $"Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n{string.Concat(parts.Select(part => $"--{boundary}\r\n{part}\r\n"))}--{boundary}--\r\n";

    // What is no Content-Type field.
    private static IEnumerable<string> Lines(SplitMessage split) =>
        Text(split).Split("\r\n").Where(line => !line.StartsWith("Content-Type:", StringComparison.Ordinal) && !line.Contains('=', StringComparison.Ordinal));

    private static string Text(SplitMessage split) => Encoding.Latin1.GetString(System.Buffers.BuffersExtensions.ToArray(split.Content));
}
