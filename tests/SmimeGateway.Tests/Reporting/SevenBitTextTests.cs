using SmimeGateway.Reporting;

namespace SmimeGateway.Tests.Reporting;

public sealed class SevenBitTextTests
{
    [Theory]
    [InlineData("plain\r\ntext\r\n", false)]
    [InlineData("tab\there\r\n", false)]
    [InlineData("Grüße\r\n", true)]
    [InlineData("bell\u0007\r\n", true)]
    [InlineData("bare\rreturn\r\n", true)]
    [InlineData("bare\nfeed\r\n", true)]
    public void Only_what_cannot_travel_is_encoded(string text, bool isNeeded) => SevenBitText.Holds(text).ShouldBe(!isNeeded);

    [Fact]
    public void A_line_beyond_the_limit_is_encoded()
    {
        SevenBitText.Holds(new string('x', 998)).ShouldBeTrue();
        SevenBitText.Holds(new string('x', 999)).ShouldBeFalse();
    }
}
