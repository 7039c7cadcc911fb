using SmimeGateway.Host.Configuration.Binding;

namespace SmimeGateway.Host.Tests.Configuration.Binding;

public sealed class AddressTextTests
{
    [Theory]
    [InlineData("*")]
    [InlineData("*@example.com")]
    [InlineData("*@*.example.com")]
    [InlineData("sales-??@example.com")]
    [InlineData("*.example.com")]
    [InlineData("postmaster")]
    [InlineData("grüße@bücher.example")]
    [InlineData("alice@[192.0.2.1]")]
    [InlineData("\"odd@local\"@example.com")]
    public void A_pattern_that_can_match_is_accepted(string text) =>
        AddressText.CheckPattern(text, mayBeNullSender: false).ShouldBeNull();

    [Theory]
    [InlineData("example.com")]
    [InlineData("@example.com")]
    [InlineData("alice@")]
    [InlineData("alice@example..com")]
    [InlineData("alice@example.com..")]
    [InlineData("alice@exa/mple.com")]
    [InlineData("<alice@example.com>")]
    [InlineData("alice@example.com bob@example.com")]
    [InlineData("<>")]
    public void A_pattern_that_matches_nothing_is_refused(string text) =>
        AddressText.CheckPattern(text, mayBeNullSender: false).ShouldNotBeNull();

    [Fact]
    public void The_null_sender_is_accepted_where_senders_are() =>
        AddressText.CheckPattern("<>", mayBeNullSender: true).ShouldBeNull();
}
