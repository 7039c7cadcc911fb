using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Tests.Configuration.Reading;

public sealed class NearestNameTests
{
    private static readonly string[] Known = ["sender", "recipient", "listener", "subject"];

    [Theory]
    [InlineData("Sender", "sender")]
    [InlineData("senders", "sender")]
    [InlineData("sedner", "sender")]
    [InlineData("recipent", "recipient")]
    [InlineData("listen", "listener")]
    [InlineData("x", null)]
    [InlineData("", null)]
    [InlineData("body", null)]
    public void A_slip_of_the_finger_finds_the_name_that_was_meant(string written, string? meant) =>
        NearestName.Find(written, Known).ShouldBe(meant);

    [Fact]
    public void A_very_long_name_is_not_compared() =>
        NearestName.Find(new string('s', 100_000), Known).ShouldBeNull();
}
