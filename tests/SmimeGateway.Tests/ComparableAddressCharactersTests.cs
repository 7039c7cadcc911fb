using System.Text;

namespace SmimeGateway.Tests;

public sealed class ComparableAddressCharactersTests
{
    [Fact]
    public void No_character_of_an_address_throws_wherever_it_stands()
    {
        foreach (var rune in Enumerable.Range(0, 0x11_0000).Where(Rune.IsValid).Select(value => new Rune(value).ToString()).Concat(["\uD800", "\uDC00", "\uDC00\uD800"]))
        {
            Should.NotThrow(() => ComparableAddress.Of($"a{rune}@{rune}b.example"), $"U+{(int)rune[0]:X}");
        }
    }
}
