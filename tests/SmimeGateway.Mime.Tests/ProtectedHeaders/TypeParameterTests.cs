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
    [InlineData("Content-Type: text/plain charset=utf-8", "Content-Type: text/plain; hp=\"clear\" charset=utf-8")]
    [InlineData("Content-Type: text / plain (note); charset=utf-8", "Content-Type: text / plain; hp=\"clear\" (note); charset=utf-8")]
    [InlineData("Content-Type: (a;b) text/plain; charset=utf-8", "Content-Type: (a;b) text/plain; hp=\"clear\"; charset=utf-8")]
    [InlineData("Content-Type:\r\n text/plain\r\n ;charset=utf-8", "Content-Type:\r\n text/plain; hp=\"clear\"\r\n ;charset=utf-8")]
    [InlineData("Content-Type: multipart/mixed;\r\n boundary=\"a;b\"", "Content-Type: multipart/mixed; hp=\"clear\";\r\n boundary=\"a;b\"")]
    [InlineData("Content-Type: multipart/mixed; boundary=\"open", "Content-Type: multipart/mixed; hp=\"clear\"; boundary=\"open")]
    [InlineData("Content-Type: multipart/mixed; boundary=x (open", "Content-Type: multipart/mixed; hp=\"clear\"; boundary=x (open")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\u00F6", "Content-Type: multipart/mixed; hp=\"clear\"; boundary=b\u00F6")]
    [InlineData("Content-Type: text/plain; hp=\"clear\"; x=y", "Content-Type: text/plain; hp=\"clear\";\r\n x=y")]
    [InlineData("Content-Type: text/plain; hp=cipher; x=y", "Content-Type: text/plain; hp=\"clear\";\r\n x=y")]
    [InlineData("Content-Type: mul(ipart/mixed; boundary=x", "Content-Type: mul; hp=\"clear\"(ipart/mixed; boundary=x")]
    [InlineData("Content-Type: text/ (open", "Content-Type: text/; hp=\"clear\" (open")]
    [InlineData("Content-Type: text", "Content-Type: text; hp=\"clear\"")]
    [InlineData("Content-Type:", "Content-Type: text/plain; hp=\"clear\"")]
    [InlineData("Content-Type: ; charset=x", "Content-Type: text/plain; hp=\"clear\"")]
    [InlineData("X-Other: y", "X-Other: y\r\nContent-Type: text/plain; hp=\"clear\"; charset=us-ascii")]
    public void A_parameter_joins_the_others(string before, string after)
    {
        var header = Read.Message(before + "\r\n\r\n").Header;

        var changed = TypeParameter.Set([.. header], "hp", "clear");

        var written = string.Concat(changed.Select(field => Encoding.Latin1.GetString(field.Raw.Span)));
        written.ShouldBe(after + "\r\n");
        var read = Read.Message(written + "\r\n");
        read.ContentType.Parameter("hp").ShouldBe("clear");
        read.Boundary.ShouldBe(Read.Message(before + "\r\n\r\n").Boundary);
    }

    [Theory]
    [InlineData(30, "; hp=\"clear\"; boundary=")]
    [InlineData(31, ";\r\n hp=\"clear\"; boundary=")]
    public void A_line_that_would_be_too_long_is_folded(int boundary, string expected)
    {
        var header = Read.Message($"Content-Type: multipart/x; boundary={new string('b', boundary)}\r\n\r\n").Header;

        var field = TypeParameter.Set([.. header], "hp", "clear").Single();

        Encoding.ASCII.GetString(field.Raw.Span).ShouldStartWith("Content-Type: multipart/x" + expected);
    }

    [Fact]
    public void Only_the_field_that_counts_is_changed()
    {
        var header = Read.Message("Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\n").Header;

        TypeParameter.Set([.. header], "hp", "clear").Select(field => field.ToString())
            .ShouldBe(["Content-Type: text/plain; hp=\"clear\"", "Content-Type: text/html"]);
    }
}
