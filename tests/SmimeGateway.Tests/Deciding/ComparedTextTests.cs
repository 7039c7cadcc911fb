using SmimeGateway.Deciding.Patterns;

namespace SmimeGateway.Tests.Deciding;

public sealed class ComparedTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" \u200B\t", "")]
    [InlineData("  A \u00A0 b\u2003", "a b")]
    [InlineData("stra\u1E9Ee \u03A3\u03C2\u03C3", "stra\u00DFe \u03C3\u03C3\u03C3")]
    [InlineData("\u212A\u212B", "k\u00E5")]
    [InlineData("\u1112\u1161\u11AB", "\uD55C")]
    [InlineData("\u2800x", "x")]
    public void Texts_that_look_the_same_become_the_same(string text, string expected) => ComparedText.Of(text).ShouldBe(expected);

    [Fact]
    public void What_is_no_character_is_compared_as_one_that_is_missing()
    {
        ComparedText.Of("a\uD800b").ShouldBe("a\uFFFDb");
        ComparedText.Of("\U0001F600 \uD83D").ShouldBe("\U0001F600 \uFFFD");
        ComparedText.Of("\uFFFF\uFDD0x").ShouldBe("\uFFFD\uFFFDx");
    }

    [Fact]
    public void Every_part_is_found_where_it_stood()
    {
        const string Letters = "aB \u00A0\u200B\u00ADu\u0308\u00FC\u1112\u1161\u11AB\uD83D\uDE00\uFEFF";
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Letters[random.Next(Letters.Length)]));

            var read = ComparedText.Read(text);

            read.Text.ShouldBe(ComparedText.Of(text));
            ComparedText.Of(read.Text).ShouldBe(read.Text);
            read.Text.ShouldNotContain("  ");
            for (var at = 0; at < read.Text.Length; at++)
            {
                var (start, length) = read.SourceOf(at..(at + 1)).GetOffsetAndLength(text.Length);
                length.ShouldBeGreaterThan(0);
                if (read.Text[at] != ' ')
                {
                    ComparedText.Of(text.Substring(start, length)).ShouldContain(read.Text[at]);
                }
            }
        }
    }

    [Fact]
    public void A_letter_with_half_a_million_marks_takes_no_time()
    {
        var text = "a" + string.Concat(Enumerable.Repeat("\u0301\u0323", 250_000));

        ComparedText.Of(text).Length.ShouldBe(text.Length);
    }
}
