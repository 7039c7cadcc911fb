using SmimeGateway.Deciding.Patterns;

namespace SmimeGateway.Tests.Deciding;

public sealed class PatternMeetingTests
{
    [Fact]
    public void Patterns_meet_exactly_where_a_text_matches_both()
    {
        var texts = Words("ab", 8).ToList();
        var patterns = Words("ab*?", 4).Select(text => (Text: text, Matches: texts.Where(word => WildcardPattern.Parse(text).Matches(word)).ToHashSet())).ToList();
        var random = new Random(7);

        for (var i = 0; i < 20_000; i++)
        {
            var (one, other) = (patterns[random.Next(patterns.Count)], patterns[random.Next(patterns.Count)]);
            WildcardPattern.Parse(one.Text).Meets(WildcardPattern.Parse(other.Text)).ShouldBe(one.Matches.Overlaps(other.Matches), $"{one.Text} and {other.Text}");
        }
    }

    [Theory]
    [InlineData("*@example.com", "*@exmaple.com", false)]
    [InlineData("*@example.com", "alice@EXAMPLE.com.", true)]
    [InlineData("*@*.example.com", "*@example.com", false)]
    [InlineData("*example.com", "*@example.com", true)]
    [InlineData("*example.com", "*@example.org", false)]
    [InlineData("alice@*", "bob@example.com", false)]
    [InlineData("alice@*", "*@example.com", true)]
    [InlineData("*", "*@exmaple.com", true)]
    [InlineData("<>", "*", false)]
    [InlineData("*@müller.example", "*@xn--mller-kva.example", true)]
    [InlineData("*@xn--mll*.example", "*@müller.example", true)]
    [InlineData("*@m*.example", "*@xn--mller-kva.example", true)]
    [InlineData("*@m\u00fc*.example", "*@xn--mller-kva.example", true)]
    [InlineData("*@m\u00fc*.example", "*@mo*.example", false)]
    [InlineData("*@*ller.example", "*@m\u00fc*.example", true)]
    [InlineData("postmaster", "post*", true)]
    [InlineData("postmaster", "host*", false)]
    public void Patterns_of_addresses_meet_where_an_address_matches_both(string one, string other, bool expected)
    {
        AddressPattern.Parse(one).Meets(AddressPattern.Parse(other)).ShouldBe(expected);
        AddressPattern.Parse(other).Meets(AddressPattern.Parse(one)).ShouldBe(expected);
    }

    private static IEnumerable<string> Words(string letters, int longest) =>
        longest == 0 ? [""] : Words(letters, longest - 1).SelectMany(word => word.Length == longest - 1 ? letters.Select(letter => word + letter).Prepend(word) : [word]);
}
