using System.Buffers;
using System.Text;
using SmimeGateway.Mime.ProtectedHeaders;
using SmimeGateway.Mime.Tests.Corpus;

namespace SmimeGateway.Mime.Tests.ProtectedHeaders;

public sealed class TypeParameterTests
{
    [Theory]
    [InlineData("Content-Type: text/plain", "Content-Type: text/plain; hp=\"clear\"")]
    [InlineData("content-type:text/plain;charset=utf-8", "content-type:text/plain; hp=\"clear\";charset=utf-8")]
    [InlineData("Content-Type: text/plain;", "Content-Type: text/plain; hp=\"clear\";")]
    [InlineData("Content-Type: text/plain; charset='utf-8' ; ", "Content-Type: text/plain; hp=\"clear\"; charset='utf-8' ; ")]
    [InlineData("Content-Type:\r\n text/plain\r\n ;charset=utf-8", "Content-Type:\r\n text/plain; hp=\"clear\"\r\n ;charset=utf-8")]
    [InlineData("Content-Type: multipart/mixed;\r\n boundary=\"a;\\\"b\"", "Content-Type: multipart/mixed; hp=\"clear\";\r\n boundary=\"a;\\\"b\"")]
    [InlineData("Content-Type: text/plain; name=\"b\u00F6 (\"", "Content-Type: text/plain; hp=\"clear\"; name=\"b\u00F6 (\"")]
    [InlineData("Content-Type: text/plain; hp=\"clear\"; x=\"y;\u00F6\"", "Content-Type: text/plain; hp=\"clear\"; x=\"y;\u00F6\"")]
    [InlineData("Content-Type: text/plain; x=y;\r\n HP*0*=utf-8''ci\r\n\t;hp*1=pher; z=z", "Content-Type: text/plain; hp=\"clear\"; x=y; z=z")]
    [InlineData("X-Other: y", "X-Other: y\r\nContent-Type: text/plain; hp=\"clear\"; charset=us-ascii")]
    public void A_parameter_joins_the_others_and_leaves_their_octets_alone(string before, string after)
    {
        var header = Read.Message(before + "\r\n\r\n").Header;

        var changed = TypeParameter.Set([.. header], "hp", "clear");

        TypeParameter.CanBeSet(header).ShouldBeTrue();
        var written = string.Concat(changed.Select(field => Encoding.Latin1.GetString(field.Raw.Span)));
        written.ShouldBe(after + "\r\n");
        var read = Read.Message(written + "\r\n");
        read.ContentType.Parameter("hp").ShouldBe("clear");
        read.Boundary.ShouldBe(Read.Message(before + "\r\n\r\n").Boundary);
    }

    [Theory]
    [InlineData("")]
    [InlineData("; charset=utf-8")]
    [InlineData("text")]
    [InlineData("text; charset=utf-8")]
    [InlineData("text/; charset=utf-8")]
    [InlineData("text/plain charset=utf-8")]
    [InlineData("text/plain\r\n charset=utf-8")]
    [InlineData("text/plain, charset=utf-8")]
    [InlineData("text/plain charset=\"utf-8\"; format=flowed")]
    [InlineData("text/plain (comment); charset=utf-8")]
    [InlineData("(a;b) text/plain; charset=utf-8")]
    [InlineData("text / plain; charset=utf-8")]
    [InlineData("text/plain/x; charset=utf-8")]
    [InlineData("\"text/plain\"; charset=utf-8")]
    [InlineData("text/plain; charset = utf-8")]
    [InlineData("text/plain; charset=utf-8 (comment)")]
    [InlineData("text/plain; charset=utf-8, x=y")]
    [InlineData("text/plain; charset=utf-8 x=y")]
    [InlineData("text/plain;; charset=utf-8")]
    [InlineData("text/plain; charset")]
    [InlineData("text/plain; charset=")]
    [InlineData("text/plain; name=gr\u00FCn.txt")]
    [InlineData("text/plain; name=\"a\"b")]
    [InlineData("text/plain; name=\"open")]
    [InlineData("text/plain; name=\"open\\")]
    [InlineData("text/plain; name=\"a\u0001b\"")]
    [InlineData("multipart/mixed; boundary=----=_Part_1_2.3")]
    [InlineData("multipart/mixed; boundary=x (open")]
    [InlineData("text/plain\r\nContent-Type: text/plain")]
    public void No_parameter_is_added_to_a_type_that_is_not_written_to_the_letter(string type)
    {
        var message = Read.Message($"From: a@b\r\nContent-Type: {type}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n--x\r\n\r\ngr\u00FCn\r\n--x--\r\n");
        var split = ContentSplit.Split(message);
        var content = Encoding.Latin1.GetString(split.Content.ToArray());

        TypeParameter.CanBeSet(message.Header).ShouldBeFalse();
        foreach (var carrying in new[] { HeaderProtection.ForSigned(split), HeaderProtection.ForEncrypted(split, legacyDisplay: true) })
        {
            var entity = Entity.Assemble(carrying.ContentFields, carrying.Body, MimeLimits.Standard);
            HeaderProtection.TryRead(entity, out _).ShouldBeTrue();
            entity.TryGetParts(out var parts, out _).ShouldBeTrue();
            Encoding.Latin1.GetString(parts.ShouldHaveSingleItem().Raw.Span).ShouldBe(content);
        }

        HeaderProtection.None(split).ShouldBeSameAs(split);
    }

    [Fact]
    public void No_parameter_is_added_to_a_field_with_a_blank_before_the_colon() =>
        TypeParameter.CanBeSet(Read.Message("Content-Type : text/plain\r\n\r\n").Header).ShouldBeFalse();

    [Theory]
    [InlineData(30, "; hp=\"clear\"; boundary=")]
    [InlineData(31, ";\r\n hp=\"clear\"; boundary=")]
    public void A_line_that_would_be_too_long_is_folded(int boundary, string expected)
    {
        var header = Read.Message($"Content-Type: multipart/x; boundary={new string('b', boundary)}\r\n\r\n").Header;

        var field = TypeParameter.Set([.. header], "hp", "clear").Single();

        Encoding.ASCII.GetString(field.Raw.Span).ShouldStartWith("Content-Type: multipart/x" + expected);
    }
}
