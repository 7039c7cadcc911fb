using System.Text;
using SmimeGateway.Protecting.Tnef.Bodies;
using SmimeGateway.Protecting.Tnef.Rtf;

namespace SmimeGateway.Tests.Protecting.Tnef;

/// <summary>Which plain text is the one that programs write of HTML or RTF, and which says something else.</summary>
public sealed class SaidTextTests
{
    private const string Ignored = "<p><span style='mso-list:Ignore'>\u00B7<span style='font:7pt'>&nbsp; </span></span>milk</p>";

    [Theory]
    [InlineData("<p>Hello,</p><p>Bob &amp; Eve!</p>", "Hello,\r\n\r\nBob & Eve!", true)]
    [InlineData("<p>Gr&#252;&szlig;e&nbsp;</p>", "Gr\u00FC\u00DFe", true)]
    [InlineData("<p>Hello</p>", "Hello. Transfer 1000 EUR", false)]
    [InlineData("<p>Hello. Transfer 1000 EUR</p>", "Hello", false)]
    [InlineData("<p>Price &lt; 5</p>", "Price > 5", false)]
    [InlineData("<p>Price 5</p>", "Price -5", false)]
    [InlineData("<p>do not pay</p>", "do pay", false)]
    [InlineData("<p>Yes</p>", "yes", false)]
    [InlineData("<a href='http://x.example/a'>here</a> now", "here <http://x.example/a> now", true)]
    [InlineData("<a href='http://x.example/'>here</a>", "here<http://x.example>", true)]
    [InlineData("<a href='mailto:a@b.example'>a@b.example</a>", "a@b.example <mailto:a@b.example>", true)]
    [InlineData("<a href='http://x.example/a'>here</a>", "here", true)]
    [InlineData("<a href='http://x.example/a'>here</a>", "here <http://y.example/a>", false)]
    [InlineData("<a href='http://x.example/a'>here</a>", "<http://x.example/a>", false)]
    [InlineData("a<img src='cid:i.png@1' alt='A dog'>b", "a[cid:i.png@1]b", true)]
    [InlineData("a<img src='cid:i.png@1' alt='A dog'>b", "a [A dog] b", true)]
    [InlineData("a<img src='cid:i.png@1' alt='A dog'>b", "a [A cat] b", false)]
    [InlineData("<img src='cid:i.png@1'>", "Yes, agreed", false)]
    [InlineData("<ul><li>milk<li>eggs</ul>", "* milk\r\n* eggs", true)]
    [InlineData("<ul><li>milk</ul>", "*milk", false)]
    [InlineData("<ol><li>milk<li>eggs</ol>", "1. milk\r\n2. eggs", true)]
    [InlineData("<ol><li>milk<li>eggs</ol>", "1. milk\r\n3. eggs", false)]
    [InlineData("<ol start=4><li>milk</ol>", "4) milk", true)]
    [InlineData(Ignored, "*\tmilk", true)]
    [InlineData(Ignored, "milk", true)]
    [InlineData("<p><span style='mso-list:Ignore'>not<span> </span></span>milk</p>", "milk", false)]
    [InlineData("<p>a</p><hr><p>b</p>", "a\r\n________________________________\r\nb", true)]
    [InlineData("<p>a</p><hr><p>b</p>", "a\r\n\r\nb", true)]
    [InlineData("<p>a</p><p>b</p>", "a\r\n____\r\nb", false)]
    [InlineData("<p>see </p>", "see <<plan.doc>>", true)]
    [InlineData("<p>see </p>", "see <<pay 100.doc>>", false)]
    [InlineData("<!-- pay 100 --><p>a</p>", "pay 100 a", false)]
    [InlineData("<title>pay 100</title><p>a</p>", "a", true)]
    [InlineData("<style>p {color:red}</style><p>a</p>", "a", true)]
    [InlineData("<p title='> pay 100 <b'>a</p>", "a", true)]
    [InlineData("<p title='> pay 100 <b'>a</p>", "> pay 100 <b'>a", false)]
    [InlineData("<p>a<span style='display: none'>pay 100</span></p>", "a pay 100", false)]
    [InlineData("<style>.x { display : none }</style><p>a<span class=x>pay 100</span></p>", "a pay 100", false)]
    [InlineData("<style>p:after { content: 'pay 100' }</style><p>a</p>", "a", false)]
    [InlineData("<style>p { display:/**/none }</style><p>a</p>", "a", false)]
    [InlineData("<p>a<input value='pay 100'></p>", "a", false)]
    [InlineData("<style>p { d\\69splay: none }</style><p>a</p>", "a", false)]
    [InlineData("<style>/* Lists */ @list l0:level1 {mso-level-text:\\F0B7; text-decoration:none}</style><p>a</p>", "a", true)]
    [InlineData("<a href='pay 100 to me'>Hello</a>", "Hello <pay 100 to me>", false)]
    [InlineData("<a href='x: pay 100'>Hello</a>", "Hello <x: pay 100>", false)]
    [InlineData("<ol type=a><li>milk</ol>", "1. milk", false)]
    [InlineData("<ol><li value=7>milk<li>eggs</ol>", "7. milk 8. eggs", true)]
    [InlineData("<ol><li value=7>milk</ol>", "1. milk", false)]
    [InlineData("<p hidden>a</p>", "a", false)]
    [InlineData("<p>a<title/>pay 100", "a pay 100", false)]
    public void A_plain_text_is_that_of_html_where_each_character_of_either_is_in_the_other(string html, string plain, bool isSame) =>
        HtmlReading.Read(html, CancellationToken.None).IsWrittenAs(plain, new HashSet<string> { "plan.doc" }).ShouldBe(isSame);

    // As Word writes it for Outlook, with what Outlook and Exchange write of it.
    [Theory]
    [InlineData("Dear Bob,\r\n\r\n \r\n\r\nplease look at our page <https://www.example.com/a?b=1&c=2>  and buy:\r\n\r\n*\tmilk\r\n\r\n*\teggs\r\n\r\n1.\tfirst\r\n\r\n\u00A0\r\n\r\n[cid:image001.png@01DA.5E]\r\n\r\nA\tB\t\r\n\r\nRegards\u2026\r\n")]
    [InlineData("Dear Bob,\r\n\r\nplease look at our page<https://www.example.com/a?b=1&c=2> and buy:\r\n\r\n  *   milk\r\n  *   eggs\r\n\r\n  1.  first\r\n\r\n[Logo]\r\nA\r\nB\r\nRegards\u2026\r\n <<plan.doc>> \r\n")]
    public void Mail_of_outlook_is_two_forms_of_one_text(string plain)
    {
        const string Sign = "<![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>\u00B7<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp; </span></span></span><![endif]>";
        const string Html =
            "<html xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\"><head><meta name=Generator content=\"Microsoft Word 15\">"
            + "<!--[if !mso]><style>v\\:* {behavior:url(#default#VML);}</style><![endif]--><style><!--\r\n/* Font Definitions */\r\n@font-face {font-family:\"Cambria Math\"; panose-1:2 4 5 3 5 4 6 3 2 4;}"
            + "a:link, span.MsoHyperlink {color:#0563C1; text-decoration:underline;} span.EmailStyle17 {mso-style-type:personal-compose; text-decoration:none none;}"
            + "@page WordSection1 {size:612.0pt 792.0pt;} /* List Definitions */ @list l0:level1 {mso-level-number-format:bullet; mso-level-text:\\F0B7; font-family:Symbol;}\r\n--></style>"
            + "<!--[if gte mso 9]><xml><o:shapedefaults v:ext=\"edit\" spidmax=\"1026\" /></xml><![endif]--></head><body lang=EN-US link=\"#0563C1\"><div class=WordSection1>"
            + "<p class=MsoNormal>Dear Bob,<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>"
            + "<p class=MsoNormal>please look at <a href=\"https://www.example.com/a?b=1&amp;c=2\">our page</a> and buy:<o:p></o:p></p>"
            + "<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'>" + Sign + "milk<o:p></o:p></p><p class=MsoListParagraph>" + Sign + "eggs<o:p></o:p></p>"
            + "<ol style='margin-top:0cm' start=1 type=1><li class=MsoNormal>first<o:p></o:p></li></ol><p><img width=10 id=\"Picture_x0020_1\" src=\"cid:image001.png@01DA.5E\" alt=\"Logo\"></p>"
            + "<table border=0><tr><td><p>A</p></td><td><p>B</p></td></tr></table><p class=MsoNormal>Regards&#8230;<o:p></o:p></p></div></body></html>";

        HtmlReading.Read(Html, CancellationToken.None).IsWrittenAs(plain, new HashSet<string> { "plan.doc" }).ShouldBeTrue();
    }

    [Theory]
    [InlineData("Hello\\par Bob", "Hello Bob", true)]
    [InlineData("Hello\\par Bob", "Hello", false)]
    [InlineData("{\\field{\\*\\fldinst{HYPERLINK \"http://x.example/a\"}}{\\fldrslt{here}}} now", "here <http://x.example/a> now", true)]
    [InlineData("{\\field{\\*\\fldinst{HYPERLINK \"http://x.example/a\"}}{\\fldrslt{here}}} now", "here now", true)]
    [InlineData("{\\field{\\*\\fldinst{HYPERLINK \"http://x.example/a\"}}{\\fldrslt{here}}} now", "here <http://y.example/a> now", false)]
    [InlineData("{\\pntext\\'b7\\tab}milk", "*\tmilk", true)]
    [InlineData("{\\fonttbl{\\f1\\fcharset2 Wingdings;}}{\\pntext\\f1\\'d8\\tab}milk", "\u00D8\tmilk", true)]
    [InlineData("{\\listtext 1.\\tab}milk", "1.\tmilk", true)]
    [InlineData("{\\listtext 1.\\tab}milk", "milk", false)]
    [InlineData("asdf\\objattph\\'20", "asdf <<plan.doc>>", true)]
    [InlineData("a{\\v pay 100}", "a", false)]
    [InlineData("a{\\v pay 100}", "a pay 100", false)]
    [InlineData("a{\\object{\\*\\objdata 0102}{\\result b}}", "ab", true)]
    public void A_plain_text_is_that_of_rtf_where_each_character_of_either_is_in_the_other(string rtf, string plain, bool isSame)
    {
        var left = 1000L;

        var said = RtfDocument.Read(Encoding.Latin1.GetBytes($"{{\\rtf1\\ansi {rtf}}}"), ref left, CancellationToken.None).Said;

        said.IsWrittenAs(plain, new HashSet<string> { "plan.doc" }).ShouldBe(isSame);
    }

    [Theory]
    [InlineData("<p>a</p>", "<div>a <br></div>", true)]
    [InlineData("<p>a</p>", "<p>a b</p>", false)]
    [InlineData("<p>a b</p>", "<p>a</p>", false)]
    [InlineData("<ul><li>a</ul>", Ignored, false)]
    [InlineData("<ul><li>milk</ul>", Ignored, true)]
    [InlineData("<p>a</p>", "<p hidden>a</p>", false)]
    public void Two_texts_with_looks_say_the_same_where_their_characters_are_the_same(string one, string other, bool isSame)
    {
        HtmlReading.Read(one, CancellationToken.None).IsSame(HtmlReading.Read(other, CancellationToken.None)).ShouldBe(isSame);
        HtmlReading.Read(other, CancellationToken.None).IsSame(HtmlReading.Read(one, CancellationToken.None)).ShouldBe(isSame);
    }
}
