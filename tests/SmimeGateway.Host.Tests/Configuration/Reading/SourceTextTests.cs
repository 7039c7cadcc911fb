using System.Text;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Tests.Configuration.Reading;

public sealed class SourceTextTests
{
    [Theory]
    [InlineData("abc", 0, 1, 1)]
    [InlineData("abc", 3, 1, 4)]
    [InlineData("a\nb", 2, 2, 1)]
    [InlineData("a\r\n\r\nb", 5, 3, 1)]
    [InlineData("üß€x", 7, 1, 4)]
    [InlineData("a", 99, 1, 2)]
    public void A_place_is_counted_in_lines_and_characters_from_one(string text, int offset, int line, int column) =>
        new SourceText(Encoding.UTF8.GetBytes(text)).Locate(offset).ShouldBe((line, column));

    [Fact]
    public void A_byte_order_mark_has_no_column() =>
        new SourceText([.. Encoding.UTF8.Preamble, (byte)'a']).Locate(1).ShouldBe((1, 2));

    [Fact]
    public void The_first_byte_that_is_not_utf8_is_found() =>
        new SourceText([.. "aü"u8, 0xFC, (byte)'b']).FindInvalid().ShouldBe(3);

    [Fact]
    public void Utf8_is_valid_whatever_the_characters() =>
        new SourceText("ü€😀\u0000"u8.ToArray()).FindInvalid().ShouldBeNull();
}
