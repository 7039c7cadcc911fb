using System.Text;
using FsCheck.Fluent;
using SmimeGateway.Reporting;

namespace SmimeGateway.Tests.Reporting;

public sealed class QuotedPrintableTests
{
    [Theory]
    [InlineData("plain\r\ntext\r\n", false)]
    [InlineData("tab\there\r\n", false)]
    [InlineData("Grüße\r\n", true)]
    [InlineData("bell\u0007\r\n", true)]
    [InlineData("bare\rreturn\r\n", true)]
    [InlineData("bare\nfeed\r\n", true)]
    public void Only_what_cannot_travel_is_encoded(string text, bool isNeeded) => QuotedPrintable.IsNeededFor(text).ShouldBe(isNeeded);

    [Fact]
    public void A_line_beyond_the_limit_is_encoded()
    {
        QuotedPrintable.IsNeededFor(new string('x', 998)).ShouldBeFalse();
        QuotedPrintable.IsNeededFor(new string('x', 999)).ShouldBeTrue();
    }

    [Fact]
    public void Whatever_is_encoded_decodes_to_itself_in_lines_of_76()
    {
        var pieces = Gen.Elements("ü", "=", " ", "\t", "\r\n", "abc", new string('x', 75), new string('ü', 30), "\u0007", ".", "From ");

        foreach (var sample in pieces.ListOf().Sample(30, 300))
        {
            var text = string.Concat(sample);
            var encoded = QuotedPrintable.Encode(text);

            encoded.Split("\r\n").ShouldAllBe(line => line.Length <= 76 && !line.EndsWith(' ') && !line.EndsWith('\t'));
            encoded.ShouldAllBe(character => character < 127);
            Decode(encoded).ShouldBe(text);
        }
    }

    private static string Decode(string encoded)
    {
        var text = encoded.Replace("=\r\n", string.Empty, StringComparison.Ordinal);
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=')
            {
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                bytes.Add((byte)text[i]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
