using System.Text;
using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Smtp.Tests.Client;

public sealed class PrintableTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\rb\nc\td\0e\u001bf\u007fg", "a?b?c?d?e?f?g")]
    [InlineData("Empfänger unbekannt", "Empfänger unbekannt")]
    [InlineData("a\u0085b\u2028c\u202ed", "a?b?c?d")]
    public void Only_what_can_be_printed_on_one_line_remains(string text, string printable) =>
        PrintableText.From(Encoding.UTF8.GetBytes(text), 100).ShouldBe(printable);

    [Fact]
    public void What_is_not_utf8_becomes_question_marks() =>
        PrintableText.From([0x61, 0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80], 100).ShouldBe("a??(???");

    [Fact]
    public void Long_text_is_cut_between_characters()
    {
        PrintableText.From("abcdef"u8, 3).ShouldBe("abc");
        PrintableText.From(Encoding.UTF8.GetBytes("ab😀cd"), 3).ShouldBe("ab");
    }
}
