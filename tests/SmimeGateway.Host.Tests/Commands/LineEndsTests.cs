using System.Text;
using SmimeGateway.Host.Commands;

namespace SmimeGateway.Host.Tests.Commands;

public sealed class LineEndsTests
{
    [Theory]
    [InlineData("a\nb\n", "a\r\nb\r\n")]
    [InlineData("a\r\nb\r\n", "a\r\nb\r\n")]
    [InlineData("\n\n", "\r\n\r\n")]
    [InlineData("a\r\n\nb", "a\r\n\r\nb")]
    [InlineData("", "")]
    public void A_line_feed_alone_becomes_CR_LF(string text, string mail) =>
        Encoding.ASCII.GetString(LineEnds.ToCrLf(Encoding.ASCII.GetBytes(text))).ShouldBe(mail);
}
