using System.Text;
using SmimeGateway.Mime.ProtectedHeaders;

namespace SmimeGateway.Mime.Tests.ProtectedHeaders;

public sealed class HtmlBodyTests
{
    [Theory]
    [InlineData("<html><head><title></title></head><body>|<p>x</p></body></html>")]
    [InlineData("<HTML><BODY BGCOLOR=white>|<p>x")]
    [InlineData("<html><body\r\n style='a>b'>|<p>x")]
    [InlineData("<html><body onload=\"a('>')\">|x")]
    [InlineData("<body>\r\n|\r\n<p>x")]
    [InlineData("<body>\n|<p>x")]
    [InlineData("<!-- <body> --><body>|x")]
    [InlineData("<script>document.write('<body>')</script><body>|x")]
    [InlineData("<style>/* <body> */</style><title><body></title><body>|x")]
    [InlineData("<bodyguard><body/>|x")]
    [InlineData("<html><head></head>|<p>no body tag")]
    [InlineData("<!DOCTYPE html>|<p>x")]
    [InlineData("<html lang=en>|<p>x")]
    [InlineData("|<p>x</p>")]
    [InlineData("|plain < text")]
    [InlineData("|")]
    [InlineData("|<!-- never closed <body>")]
    [InlineData("|<script>never closed <body>")]
    [InlineData("<body|")]
    [InlineData("\u00EF\u00BB\u00BF|<p>x")]
    public void The_display_comes_before_what_is_shown(string document)
    {
        var html = Encoding.Latin1.GetBytes(document.Replace("|", string.Empty, StringComparison.Ordinal));

        HtmlBody.FindStart(html).ShouldBe(document == "<body|" ? 0 : document.IndexOf('|', StringComparison.Ordinal));
    }

    [Fact]
    public void A_hostile_document_is_read_once()
    {
        var html = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("<!--<script></x<'", 200_000)));

        HtmlBody.FindStart(html).ShouldBe(0);
    }
}
