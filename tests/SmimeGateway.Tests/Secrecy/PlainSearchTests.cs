using System.Text;

namespace SmimeGateway.Tests.Secrecy;

/// <summary>A search that finds nothing proves nothing: it is shown every form in which text travels.</summary>
public sealed class PlainSearchTests
{
    private readonly PlainSearch _search = new("Marker7Qxyzzy");

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("ab")]
    [InlineData("abc and more before it, so that the line of base64 ends in the middle of th")]
    public void The_word_is_found_in_base64_wherever_it_begins(string before)
    {
        var encoded = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{before}Marker7Qxyzzy and after"), Base64FormattingOptions.InsertLineBreaks);

        _search.Finds(encoded).ShouldBeTrue(encoded);
    }

    [Fact]
    public void The_word_is_found_as_it_is_and_broken_by_quoted_printable()
    {
        _search.Finds("before Marker7Qxyzzy after").ShouldBeTrue();
        _search.Finds("before Marker=\r\n7Qxyzzy after").ShouldBeTrue();
        _search.Finds("before Marker7Qxyzz after").ShouldBeFalse();
    }
}
