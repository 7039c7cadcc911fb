using System.Text;
using SmimeGateway.Reporting.Composing;

namespace SmimeGateway.Tests.Reporting.Composing;

public sealed class SevenBitTextTests
{
    [Theory]
    [InlineData("plain\r\ntext\r\n", false)]
    [InlineData("tab\there\r\n", false)]
    [InlineData("Grüße\r\n", true)]
    [InlineData("bell\u0007\r\n", true)]
    [InlineData("bare\rreturn\r\n", true)]
    [InlineData("bare\nfeed\r\n", true)]
    [InlineData("ends with a return\r", true)]
    public void Only_what_cannot_travel_is_encoded(string text, bool isNeeded) =>
        SevenBitText.Holds(Encoding.UTF8.GetBytes(text)).ShouldBe(!isNeeded);

    [Fact]
    public void A_line_beyond_the_limit_is_encoded()
    {
        SevenBitText.Holds(Line(998)).ShouldBeTrue();
        SevenBitText.Holds(Line(999)).ShouldBeFalse();
    }

    private static byte[] Line(int length) => [.. Enumerable.Repeat((byte)'x', length), .. "\r\n"u8];
}
