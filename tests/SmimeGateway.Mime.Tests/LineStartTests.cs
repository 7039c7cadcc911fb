using System.Text;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.Tests;

public sealed class LineStartTests
{
    // At every column, so that each of them begins a line of the encoding as well as one of the text.
    [Theory]
    [InlineData("--")]
    [InlineData("--b--")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("From ")]
    public void No_line_of_quoted_printable_begins_with_what_somebody_could_take_for_something_else(string start)
    {
        for (var before = 0; before < 160; before++)
        {
            foreach (var end in new[] { "", "\r\n", "\r\n" + start + "x\r\n" + start })
            {
                var text = Encoding.ASCII.GetBytes(new string('x', before) + string.Concat(Enumerable.Repeat(start, 60)) + end);

                var encoded = QuotedPrintable.Encode(text);

                QuotedPrintable.EncodedLength(text).ShouldBe(encoded.Length);
                QuotedPrintable.Decode(encoded).ShouldBe(text);
                var lines = Encoding.ASCII.GetString(encoded).Split("\r\n");
                lines.ShouldAllBe(line => line.Length <= 76 && !line.StartsWith("--", StringComparison.Ordinal) && line.FirstOrDefault() != '.' && !line.StartsWith("From ", StringComparison.Ordinal));
            }
        }
    }

    // What could be taken for nothing stays readable.
    [Theory]
    [InlineData("-")]
    [InlineData("- -")]
    [InlineData("From")]
    [InlineData("From:")]
    [InlineData("x--")]
    [InlineData("x.")]
    [InlineData(">From ")]
    public void Other_line_starts_stay_as_they_are(string start)
    {
        var text = Encoding.ASCII.GetBytes(start + "x\r\n");

        QuotedPrintable.Encode(text).ShouldBe(text);
    }
}
