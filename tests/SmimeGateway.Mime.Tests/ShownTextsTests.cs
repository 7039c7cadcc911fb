using System.Text;
using SmimeGateway.Mime.Authors;

namespace SmimeGateway.Mime.Tests;

/// <summary>Text that is shown as it stands takes a shorter way, which must lead to the same place.</summary>
public sealed class ShownTextsTests
{
    [Fact]
    public void The_short_way_of_plain_text_leads_where_the_long_one_leads()
    {
        for (var value = 0; value <= 0x3FF; value++)
        {
            var text = $"Alice{new Rune(value)}Example";

            // A backslash is taken out of the text, and takes it the long way.
            ShownTexts.Bare(text).ShouldBe(ShownTexts.Bare("\\" + text));
        }
    }

    [Fact]
    public void A_plain_text_is_all_that_it_shows()
    {
        var shown = ShownTexts.Of("Alice (at work) <alice@example.com>");

        shown.All.ShouldBe(["Alice (at work) <alice@example.com>"]);
        shown.Octets.ShouldBeEmpty();
        shown.Doubt.ShouldBeNull();
    }

    [Fact]
    public void An_encoded_word_is_no_plain_text() =>
        ShownTexts.Of("=?utf-8?Q?a?= <alice@example.com>").All.ShouldBe(["a <alice@example.com>"]);

    [Fact]
    public void What_only_looks_like_an_encoded_word_is_in_doubt() =>
        ShownTexts.Of("=?<bob@example.com> <alice@example.com>").Doubt.ShouldNotBeNull();
}
