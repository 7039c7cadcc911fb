using SmimeGateway.Host.Configuration.Binding;

namespace SmimeGateway.Host.Tests.Configuration.Binding;

public sealed class SizeTextTests
{
    [Theory]
    [InlineData("7B", 7)]
    [InlineData("500KB", 500_000)]
    [InlineData("50MB", 50_000_000)]
    [InlineData("2147483647GB", 2_147_483_647_000_000_000)]
    public void A_number_and_a_unit_are_a_size(string text, long bytes)
    {
        SizeText.TryParse(text, out var read).ShouldBeNull();

        read.ShouldBe(bytes);
        SizeText.Format(read).ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("50")]
    [InlineData("50mb")]
    [InlineData("-5MB")]
    [InlineData("50 MB")]
    public void Anything_else_is_not(string text) => SizeText.TryParse(text, out _).ShouldNotBeNull();
}
