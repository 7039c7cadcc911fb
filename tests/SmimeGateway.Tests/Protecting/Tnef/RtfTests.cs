using System.Text;
using SmimeGateway.Protecting.Tnef;
using SmimeGateway.Protecting.Tnef.Rtf;

namespace SmimeGateway.Tests.Protecting.Tnef;

public sealed class RtfTests
{
    static RtfTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Theory]
    // The example of MS-OXRTFEX section 4.
    [InlineData(
        "{\\rtf1\\ANSI\\ansicpg1251\\fromhtml1 \\deff0\r\n{\\fonttbl {\\f0\\fmodern Courier New;}{\\f1\\fswiss Arial;}{\\f2\\fswiss\\fcharset0 Arial;}}\r\n{\\colortbl\\red0\\green0\\blue0;\\red0\\green0\\blue255;}\r\n"
        + "{\\*\\htmltag64}\r\n\\uc1\\pard\\plain\\deftab360 \\f0\\fs24\r\n{\\*\\htmltag <HTML>\\par\r\n<HEAD>\\par\r\n<STYLE>\\par\r\n<!--\\par\r\nbody \\{font-family:Arial\\}\\par\r\n-->\\par\r\n</STYLE>\\par\r\n</HEAD>}"
        + "{\\*\\htmltag84 <p>}Unicode text: {\\*\\htmltag84 &#8212;}\\htmlrtf \\u8212?\\htmlrtf0 x",
        "<HTML>\r\n<HEAD>\r\n<STYLE>\r\n<!--\r\nbody {font-family:Arial}\r\n-->\r\n</STYLE>\r\n</HEAD><p>Unicode text: &#8212;x")]
    [InlineData("{\\rtf1\\fromhtml1 {\\*\\htmltag <b>}{\\htmlrtf {\\htmlrtf0 bold}\\htmlrtf }\\htmlrtf0{\\*\\htmltag </b>}", "<b>bold</b>")]
    [InlineData("{\\rtf1\\fromhtml1 {\\*\\htmltag <p>}1 < 2 & 3 > 2{\\*\\htmltag </p>}}", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>")]
    [InlineData("{\\rtf1\\fromhtml1 {\\*\\mhtmltag84 <img src=cid:x>}{\\*\\htmltag84 <img src=y>}}", "<img src=y>")]
    [InlineData("{\\rtf1\\ansicpg1251\\fromhtml1 {\\*\\htmltag <p>}\\'ef\\'f0\\'e8{\\*\\htmltag </p>}}", "<p>\u043F\u0440\u0438</p>")]
    [InlineData("{\\rtf1\\fromhtml1 {\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset204 B;}{\\f2\\fcharset128 C;}}\\f1\\'ef{\\f2\\'93\\'fa\\'7b}\\f0\\'e4}", "\u043F\u65E5{\u00E4")]
    [InlineData("{\\rtf1\\fromhtml1 \\uc2\\u1087??x{\\uc0\\u1088 y}\\u-10179\\'3f\\'3f\\u-8704??z}", "\u043Fx\u0440y\U0001F600z")]
    [InlineData("{\\rtf1\\fromhtml1 \\u1087{x}\\u1088}y", "\u043Fx\u0440y")]
    [InlineData("{\\rtf1\\fromhtml1 a\\tab b\\line c\\~d\\lquote e\\rquote\\bin3 {{{f}", "a\tb\r\nc\u00A0d\u2018e\u2019f")]
    public void Html_comes_out_of_rtf_as_it_went_in(string rtf, string html)
    {
        var document = Read(rtf);

        document.Form.ShouldBe(RtfForm.Html);
        document.Text.ShouldBe(html);
    }

    [Theory]
    [InlineData("{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\info{\\author Anna}}\\f0 Hello\\par World}", nameof(RtfForm.Rich), "Hello\r\nWorld")]
    [InlineData("{\\rtf1\\fromtext a\\par b < c}", nameof(RtfForm.Text), "a\r\nb < c")]
    [InlineData("{\\rtf1 {\\field{\\*\\fldinst HYPERLINK \"http://x\"}{\\fldrslt link}} {\\pict 0102030405}{\\*\\unknown hidden{deep}}end}", nameof(RtfForm.Rich), "link end")]
    [InlineData("no rtf at all", nameof(RtfForm.Rich), "no rtf at all")]
    [InlineData("}}}}{\\rtf1 a}}} b\\", nameof(RtfForm.Rich), "a b\\")]
    public void The_text_of_rtf_is_what_a_reader_sees(string rtf, string form, string text)
    {
        var document = Read(rtf);

        document.Form.ToString().ShouldBe(form);
        document.Text.ShouldBe(text);
    }

    // What font an octet is in says what character it is (RTF 1.9.1, "Font Table"); null is a text that is refused.
    [Theory]
    [InlineData("\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fcharset204 A;}}\\'cf\\'f0\\'e8", "\u041F\u0440\u0438")]
    [InlineData("\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fcharset204 A;}{\\f1\\fcharset0 B;}}\\f1 x\\plain \\'cf\\'f0\\'e8", "x\u041F\u0440\u0438")]
    [InlineData("\\ansi{\\fonttbl{\\f0\\cpg1251 A;}}\\f0 \\'cf\\'f0\\'e8", "\u041F\u0440\u0438")]
    [InlineData("\\ansi{\\fonttbl{\\f1\\fcharset204 A;}}{\\f1 \\'cf}\\'e8", "\u041F\u00E8")]
    [InlineData("\\mac \\'8a", "\u00E4")]
    [InlineData("\\pc \\'84", "\u00E4")]
    [InlineData("\\pca \\'84", "\u00E4")]
    [InlineData("\\ansi\\ansicpg932 \\'82\\'a0", "\u3042")]
    [InlineData("\\ansi\\ansicpg65001 Gr\\'c3\\'bc", "Gr\u00FC")]
    [InlineData("\\ansi{\\fonttbl{\\f1\\fcharset2 Symbol;}}\\f1 \\'b7 x", "\u00B7 x")]
    [InlineData("\\ansi\\u1055 ?\\u-10179 ?\\u-8704 ?", "\u041F\U0001F600")]
    [InlineData("\\ansi\\ansicpg1251\\deff0{\\fonttbl{\\f0\\fcharset0 A;}}\\'cf", null)]
    [InlineData("\\ansi\\ansicpg1252\\fromhtml1{\\fonttbl{\\f0\\fcharset204 A;}}\\f0{\\*\\htmltag <p title=\\'cf>}", null)]
    [InlineData("\\ansi\\ansicpg20127 Gr\\'fc", null)]
    [InlineData("\\ansi\\ansicpg65001 Gr\\'fc", null)]
    [InlineData("\\ansi\\ansicpg99999 Gr\\'fc", null)]
    [InlineData("\\ansi\\ansicpg1252 \\'81", null)]
    [InlineData("\\ansi\\ansicpg932 a\\'fd\\'fe\\'ff b", null)]
    [InlineData("\\ansi{\\fonttbl{\\f1\\fcharset99 A;}}\\f1 \\'e4", null)]
    [InlineData("\\ansi{\\fonttbl{\\f1\\fcharset2 Wingdings;}}\\f1 \\'fc", null)]
    [InlineData("\\ansi\\u-10179 ?x", null)]
    [InlineData("\\ansi\\u-8704 ?", null)]
    [InlineData("\\ansi x\\u-10179", null)]
    [InlineData("\\ansi \\u x", null)]
    [InlineData("\\ansi \\'4", null)]
    public void Octets_are_the_characters_that_they_are_in_their_font_or_the_text_is_refused(string rtf, string? text)
    {
        if (text is null)
        {
            Should.Throw<TnefFormException>(() => Read("{\\rtf1" + rtf + "}"));
        }
        else
        {
            Read("{\\rtf1" + rtf + "}").Text.ShouldBe(text);
        }
    }

    [Theory]
    [InlineData("a{\\*\\annotation note}", false)]
    [InlineData("a{\\*\\whoknows {deep}}", false)]
    [InlineData("a{\\header text}", false)]
    [InlineData("a{\\*\\whoknows\\level1 }", true)]
    [InlineData("a{\\field{\\*\\fldinst SYMBOL 74}{\\fldrslt}}", false)]
    [InlineData("a\\bin5 words", false)]
    [InlineData("a{\\shp{\\*\\shpinst{\\sp{\\sn name}{\\sv 1}}{\\shptxt b}}}", true)]
    [InlineData("\\fromhtml1 a\\htmlrtf b\\htmlrtf0", false)]
    [InlineData("\\fromhtml1{\\*\\htmltag &#8212;}\\htmlrtf \\u8212?\\htmlrtf0", true)]
    [InlineData("\\fromhtml1{\\*\\htmltag <li>}{\\pntext\\'b7\\tab}a", true)]
    [InlineData("{\\info{\\author Anna}}{\\*\\generator x;}{\\pict 0102}a", true)]
    public void What_is_left_out_of_a_text_and_not_understood_is_known(string rtf, bool isWhole) => Read("{\\rtf1" + rtf + "}").IsWhole.ShouldBe(isWhole);

    [Fact]
    public void Any_octets_are_read_or_refused_and_never_replaced()
    {
        var random = new Random(9);
        string[] pieces = ["{", "}", "\\", "\\'", "\\'4", "\\u", "\\u99999999999 ", "\\uc-1 ", "\\bin", "\\bin-5 ", "\\bin99999999 ", "\\*", "\\htmltag", "\\htmlrtf", "\\htmlrtf0 ", "\\fromhtml1 ", "\\fonttbl", "\\f1", "\\fcharset128 ", "\\ansicpg65001 ", "\\ansicpg99999 ", "\u00FF", "\0", "\r\n", "a", " "];
        var (read, refused) = (0, 0);
        for (var run = 0; run < 20_000; run++)
        {
            try
            {
                var text = Read("{\\rtf1" + string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => pieces[random.Next(pieces.Length)]))).Text;
                new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(text).ShouldBeGreaterThanOrEqualTo(0);
                text.ShouldNotContain("\uFFFD");
                read++;
            }
            catch (TnefFormException)
            {
                refused++;
            }
        }

        read.ShouldBeGreaterThan(1000);
        refused.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void A_text_may_not_become_longer_than_there_is_left()
    {
        var left = 10L;

        Should.Throw<TnefFormException>(() => RtfDocument.Read("{\\rtf1 12345678901}"u8.ToArray(), ref left, CancellationToken.None));
    }

    private static RtfDocument Read(string rtf)
    {
        var left = 1_000_000L;
        return RtfDocument.Read(Encoding.Latin1.GetBytes(rtf), ref left, CancellationToken.None);
    }
}
