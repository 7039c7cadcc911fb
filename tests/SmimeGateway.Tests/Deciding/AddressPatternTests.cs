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
    [InlineData("@*", "alice@example.com", false)]
    public void A_star_is_any_run_and_a_question_mark_one_character(string pattern, string address, bool matches) =>
        AddressPattern.Parse(pattern).Matches(address).ShouldBe(matches);

    [Theory]
    [InlineData("*@*ller.example", "a@m\u00fcller.example", true)]
    [InlineData("*@*ller.example", "a@xn--mller-kva.example", true)]
    [InlineData("*@xn--m*.example", "a@m\u00fcller.example", true)]
    [InlineData("*@xn--m*.example", "a@xn--mller-kva.example", true)]
    [InlineData("*@xn--m*.example", "a@mueller.example", false)]
    [InlineData("*@*ller.example", "a", false)]
    [InlineData("*m\u00fcller*", "a@m\u00fcller.example", true)]
    [InlineData("*m\u00fcller*", "a@xn--mller-kva.example", true)]
    [InlineData("*xn--mller*", "a@m\u00fcller.example", true)]
    [InlineData("*ller.example", "a@mueller.example.org", false)]
    [InlineData("*ller.example", "a@xn--mller-kva.example", true)]
    public void A_piece_of_a_domain_matches_what_people_read_or_the_A_label(string pattern, string address, bool matches) =>
        AddressPattern.Parse(pattern).Matches(address).ShouldBe(matches);

    [Theory]
    [InlineData("postmaster", "postmaster", true)]
    [InlineData("postmaster", "Postmaster", true)]
    [InlineData("postmaster", "postmaster@example.com", false)]
    [InlineData("po.st", "po.st", true)]
    [InlineData("post*", "postmaster", true)]
    [InlineData("", "alice@example.com", false)]
    public void A_pattern_without_a_domain_is_a_name_or_any_text(string pattern, string address, bool matches) =>
        AddressPattern.Parse(pattern).Matches(address).ShouldBe(matches);

    [Theory]
    [InlineData("alice@exa mple.com")]
    [InlineData("alice@*.exa mple.com")]
    [InlineData("\"alice@example.com")]
    public void What_names_no_address_matches_nothing(string pattern)
    {
        var parsed = AddressPattern.Parse(pattern);

        parsed.CanMatch.ShouldBeFalse();
        parsed.Matches("alice@example.com").ShouldBeFalse();
        parsed.Meets(AddressPattern.Parse("alice@example.com")).ShouldBeFalse();
        AddressPattern.Parse("alice@example.com").Meets(parsed).ShouldBeFalse();
    }

    [Fact]
    public void Only_stars_say_nothing_of_what_has_to_stand_in_a_text()
    {
        AddressPattern.Parse("*").MayMatchIn(static _ => false).ShouldBeTrue();
        AddressPattern.Parse("<>").MayMatchIn(static _ => true).ShouldBeFalse();
        AddressPattern.Parse("a*@example.com").MayMatchIn(static text => text is "a" or "example.com").ShouldBeTrue();
        AddressPattern.Parse("a*@example.com").MayMatchIn(static text => text is "example.com").ShouldBeFalse();
    }

    [Theory]
    [InlineData("*")]
    [InlineData("*@*")]
    [InlineData("")]
    public void A_star_never_matches_the_null_sender(string pattern)
    {
        AddressPattern.Parse(pattern).Matches(MailPath.Null).ShouldBeFalse();
        AddressPattern.Parse(pattern).Meets(AddressPattern.Parse("<>")).ShouldBeFalse();
        AddressPattern.Parse("<>").Meets(AddressPattern.Parse(pattern)).ShouldBeFalse();
        AddressPattern.Parse("<>").Meets(AddressPattern.Parse("<>")).ShouldBeTrue();
    }

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
    [InlineData("Postmaster", null, "postmaster")]
    [InlineData("post*", null, null)]
    [InlineData("<>", null, null)]
    public void The_literal_parts_are_index_keys(string pattern, string? domain, string? address)
    {
        var parsed = AddressPattern.Parse(pattern);

        parsed.LiteralDomain.ShouldBe(domain);
        parsed.LiteralAddress.ShouldBe(address);
    }
}
