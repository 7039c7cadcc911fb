namespace SmimeGateway.Mime.Tests;

public sealed class ContentTypeTests
{
    [Theory]
    [InlineData("text/plain; charset=utf-8", "text/plain", "utf-8")]
    [InlineData("Text/HTML;CHARSET=\"utf-8\"", "text/html", "utf-8")]
    [InlineData("text/plain (plain text); (comment \\) \"x) charset=utf-8 (more)", "text/plain", "utf-8")]
    [InlineData("text/plain;; ; charset = utf-8 ;", "text/plain", "utf-8")]
    [InlineData("text/plain charset=utf-8", "text/plain", "utf-8")]
    [InlineData("text/plain; charset=\"utf\\-8", "text/plain", "utf-8")]
    [InlineData("text", "text", null)]
    [InlineData("text/plain; charset", "text/plain", null)]
    [InlineData("text/plain; charset=us-ascii; charset=utf-8", "text/plain", "us-ascii")]
    public void Type_and_parameters_are_read_forgivingly(string body, string mediaType, string? charset)
    {
        ContentType.TryParse(body, out var contentType).ShouldBeTrue();

        contentType!.MediaType.ShouldBe(mediaType);
        contentType.Parameter("charset").ShouldBe(charset);
    }

    [Theory]
    [InlineData("")]
    [InlineData("; charset=utf-8")]
    [InlineData("/plain")]
    [InlineData("(only a comment")]
    public void Without_a_type_there_is_no_content_type(string body)
    {
        ContentType.TryParse(body, out var contentType).ShouldBeFalse();
        contentType.ShouldBeNull();
    }

    [Theory]
    [InlineData("a/b; name*0=one; name*1=two", "onetwo")]
    [InlineData("a/b; name*1=two; name*0=one", "onetwo")]
    [InlineData("a/b; name*=utf-8'en'%C3%A4", "\u00E4")]
    [InlineData("a/b; name=plain; name*=utf-8''better", "better")]
    [InlineData("a/b; name*0*=utf-8''a%20; name*1=b%20; name*2*=c%20d", "a b%20c d")]
    [InlineData("a/b; name*=no-quotes%41", "no-quotesA")]
    [InlineData("a/b; name*=utf-8''%zz%4", "%zz%4")]
    public void Pieces_of_a_parameter_are_joined_and_decoded(string body, string expected)
    {
        ContentType.TryParse(body, out var contentType).ShouldBeTrue();

        contentType!.Parameter("NAME").ShouldBe(expected);
    }
}
