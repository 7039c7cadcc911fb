using SmimeGateway.Protecting.Tnef;

namespace SmimeGateway.Tests.Protecting.Tnef;

/// <summary>Which text in front of an object may stand for the object's own where nothing else is left of it.</summary>
public sealed class SameTextTests
{
    [Theory]
    [InlineData("See below", "Before: see below, three pages", false)]
    [InlineData("***", "the whole body", false)]
    [InlineData("do pay", "do not pay", false)]
    [InlineData("pay 100 euros", "pay 900 euros", false)]
    [InlineData("one two", "two one", false)]
    [InlineData("Hello,\r\n  Bob!", "Hello, Bob", true)]
    [InlineData("--", "", true)]
    public void Only_the_same_words_in_the_same_order_are_word_for_word(string shown, string other, bool expected)
    {
        SameText.IsWordForWord(shown, other).ShouldBe(expected);
        SameText.IsWordForWord(other, shown).ShouldBe(expected);
    }
}
