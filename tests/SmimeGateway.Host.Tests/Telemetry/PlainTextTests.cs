using System.Globalization;
using System.Text;
using System.Text.Json;
using SmimeGateway.Host.Telemetry;

namespace SmimeGateway.Host.Tests.Telemetry;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\r\nb", "a\\u000D\\u000Ab")]
    [InlineData("\u001b[2J", "\\u001B[2J")]
    [InlineData("x\u0085y", "x\\u0085y")]
    [InlineData("\u202Etxt.exe", "\\u202Etxt.exe")]
    [InlineData("a\U000E0041b", "a\\uDB40\\uDC41b")]
    [InlineData("a\u115Fb\u3164c\u2800d\u034Fe", "a\\u115Fb\\u3164c\\u2800d\\u034Fe")]
    [InlineData("Grüße 田中 \U0001F600", "Grüße 田中 \U0001F600")]
    public void What_nobody_sees_as_it_is_becomes_visible_and_nothing_else_changes(string value, string shown) =>
        PlainText.Of(value).ShouldBe(shown);

    [Fact]
    public void Every_character_is_written_plain_however_it_is_cut_and_json_keeps_its_value()
    {
        var random = new Random(5);
        for (var i = 0; i < 2_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(12)).Select(_ => (char)random.Next(random.Next(2) == 0 ? 0x100 : 0x10000))]);

            IsPlain(PlainText.Of(text)).ShouldBeTrue();
            var whole = new string([.. text.Where(character => !char.IsSurrogate(character) && character is not ('"' or '\\'))]);
            JsonSerializer.Deserialize<string>($"\"{PlainText.Of(whole)}\"").ShouldBe(whole);

            using var written = new StringWriter();
            using var writer = new PlainWriter(written);
            var cut = random.Next(text.Length + 1);
            writer.Write(text[..cut].AsSpan());
            text[cut..].ToList().ForEach(writer.Write);
            writer.WriteLine("end");
            IsPlain(written.ToString().Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal)).ShouldBeTrue();
            written.ToString().ShouldEndWith("end" + Environment.NewLine);
        }
    }

    [Fact]
    public void Characters_of_two_halves_stay_whole_however_they_are_cut()
    {
        var random = new Random(6);
        for (var i = 0; i < 2_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(2) == 0 ? "a" : "\U0001F600"));
            using var written = new StringWriter();
            using var writer = new PlainWriter(written);
            for (var rest = text.AsSpan(); !rest.IsEmpty;)
            {
                var length = random.Next(rest.Length) + 1;
                switch (random.Next(3))
                {
                    case 0:
                        writer.Write(rest[0]);
                        length = 1;
                        break;
                    case 1:
                        writer.Write(rest[..length]);
                        break;
                    default:
                        writer.Write(rest[..length].ToString());
                        break;
                }

                rest = rest[length..];
            }

            written.ToString().ShouldBe(text);
        }
    }

    [Fact]
    public void A_half_that_stays_alone_is_shown_when_the_line_ends_or_the_writer_is_flushed()
    {
        using var written = new StringWriter();
        using var writer = new PlainWriter(written);

        writer.Write('\uD83D');
        writer.WriteLine("x");
        writer.Write('\uD83D');
        writer.Flush();

        written.ToString().ShouldBe($"\\uD83Dx{Environment.NewLine}\\uD83D");
    }

    [Fact]
    public void The_indent_of_a_library_is_one()
    {
        using var written = new StringWriter();
        using var writer = new PlainWriter(written);

        writer.Write("Must be one of:\n\t'debug'\n");

        written.ToString().ShouldBe("Must be one of:\n    'debug'\n");
    }

    // A lone half of a character, too, would be something else on a terminal.
    private static bool IsPlain(string text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text && text.EnumerateRunes().All(rune => Rune.GetUnicodeCategory(rune)
            is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));
}
