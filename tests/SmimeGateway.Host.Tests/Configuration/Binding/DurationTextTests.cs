using SmimeGateway.Host.Configuration.Binding;

namespace SmimeGateway.Host.Tests.Configuration.Binding;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("30s", 30)]
    [InlineData("5m", 300)]
    [InlineData("4h", 14_400)]
    [InlineData("5d", 432_000)]
    [InlineData("0s", 0)]
    public void A_number_and_a_unit_are_a_duration(string text, double seconds)
    {
        DurationText.TryParse(text, out var duration).ShouldBeNull();

        duration.TotalSeconds.ShouldBe(seconds);
        DurationText.TryParse(DurationText.Format(duration), out var again).ShouldBeNull();
        again.ShouldBe(duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("30")]
    [InlineData("-1s")]
    [InlineData("1.5h")]
    [InlineData("30 s")]
    [InlineData("30S")]
    [InlineData("9999999999s")]
    public void Anything_else_is_not(string text) => DurationText.TryParse(text, out _).ShouldNotBeNull();

    [Fact]
    public void A_duration_beyond_measure_is_a_century()
    {
        DurationText.TryParse("2147483647d", out var duration).ShouldBeNull();

        duration.TotalDays.ShouldBe(36_525);
    }
}
