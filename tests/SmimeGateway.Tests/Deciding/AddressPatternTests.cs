using SmimeGateway.Deciding.Patterns;
using SmimeGateway.Smtp;

namespace SmimeGateway.Tests.Deciding;

public sealed class AddressPatternTests
{
    [Theory]
    [InlineData("*", "alice@example.com", true)]
    [InlineData("*@example.com", "alice@example.com", true)]
    [InlineData("*@example.com", "Alice@EXAMPLE.com", true)]
    [InlineData("*@example.com", "alice@sub.example.com", false)]
    [InlineData("*@*.example.com", "alice@sub.example.com", true)]
    [InlineData("a?ice@example.com", "alice@example.com", true)]
    [InlineData("a?ice@example.com", "aice@example.com", false)]
    [InlineData("alice@example.com", "alice@example.com", true)]
    [InlineData("alice@example.com", "alice@example.community", false)]
    [InlineData("*a*b*c@x", "aXbYc@x", true)]
    [InlineData("*a*b*c@x", "acb@x", false)]
    public void A_star_is_any_run_and_a_question_mark_one_character(string pattern, string address, bool matches) =>
        AddressPattern.Parse(pattern).Matches(address).ShouldBe(matches);

    [Fact]
    public void A_star_never_matches_the_null_sender() =>
        AddressPattern.Parse("*").Matches(MailPath.Null).ShouldBeFalse();

    [Fact]
    public void The_null_sender_is_matched_only_by_its_own_pattern()
    {
        var pattern = AddressPattern.Parse("<>");

        pattern.Matches(MailPath.Null).ShouldBeTrue();
        pattern.Matches("alice@example.com").ShouldBeFalse();
    }

    [Fact]
    public void A_pattern_full_of_stars_takes_no_time_to_fail()
    {
        var pattern = WildcardPattern.Parse(string.Concat(Enumerable.Repeat("a*", 200)) + "b");

        pattern.Matches(new string('a', 20_000)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("*@example.com", "example.com", null)]
    [InlineData("Alice@Example.com", "example.com", "alice@example.com")]
    [InlineData("*@*.example.com", null, null)]
    [InlineData("*", null, null)]
    public void The_literal_parts_are_index_keys(string pattern, string? domain, string? address)
    {
        var parsed = AddressPattern.Parse(pattern);

        parsed.LiteralDomain.ShouldBe(domain);
        parsed.LiteralAddress.ShouldBe(address);
    }
}
