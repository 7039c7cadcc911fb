using System.Text;
using SmimeGateway.TestSupport.Tnef;

namespace SmimeGateway.Tests.Protecting.Tnef;

/// <summary>What a message has to say in any form is seen by everybody afterwards, or the object is still there.</summary>
public sealed class EveryTextIsSeenTests
{
    private static readonly string Hundred = string.Join(' ', Enumerable.Range(0, 100).Select(i => $"w{i}"));

    public static TheoryData<string, string, byte[], string[]> Hidden() => new()
    {
        { "short text before, all in the RTF", "Hello Bob,", Message(Body("Hello Bob, pay nothing"), Rtf("Hello Bob, pay nothing")), ["Hello Bob, pay nothing"] },
        { "more in the text than in the HTML", "Hello", Message(Body("Hello. Transfer 1000 EUR"), Html("<p>Hello</p>")), ["Hello. Transfer 1000 EUR"] },
        { "signs before", "***", Message(Body("Yes, agreed"), Html("<img src='http://x/y.png'>")), ["***", "Yes, agreed"] },
        { "signs before a text alone", ":-)", Message(Body("Yes, agreed")), [":-)", "Yes, agreed"] },
        { "a picture alone", "", Message(Body("Yes, agreed"), Html("<img src='http://x/y.png'>")), ["Yes, agreed"] },
        { "HTML and another RTF", "", Message(Html("<p>one text</p>"), Rtf("another text")), ["one text", "another text"] },
        { "two texts", "", Message(Body("one text"), Body("another text")), ["one text", "another text"] },
        { "an attribute beside a property", "", Attribute("one text").Message(Body("another text")).ToArray(), ["one text", "another text"] },
        { "an attribute that says more than the property", "", Attribute("one text and more").Message(Body("one text")).ToArray(), ["one text and more"] },
        { "a plain text in RTF", "", Message(Body("one text"), Rtf("\\fromtext another text")), ["one text", "another text"] },
        { "two attributes", "", Attribute("one text").Attribute(1, 0x0002800C, "another text\0"u8.ToArray()).ToArray(), ["one text", "another text"] },
        { "a text of another type", "", Message(TnefWriter.Binary(0x1000, "a text"u8.ToArray())), ["a text"] },
        { "a text of another type beside HTML", "", Message(TnefWriter.Binary(0x1000, "a text"u8.ToArray()), Html("<p>b</p>")), ["a text"] },
        { "a text of several values", "", Message(Several(0x101E, "one", "two")), ["one", "two"] },
        { "a text of several values, and not said so", "", Message(Several(0x001E, "one", "two")), ["one", "two"] },
        { "RTF that is HTML and another HTML", "", Message(Html("<p>one text</p>"), Rtf("\\fromhtml1{\\*\\htmltag <p>}another text")), ["one text", "another text"] },
        { "an end before", Hundred + " CONFIDENTIAL do not forward", Message(Html($"<p>{Hundred}</p>")), [Hundred + " CONFIDENTIAL do not forward"] },
        { "one word before", Hundred.Replace("w50", "not w50", StringComparison.Ordinal), Message(Html($"<p>{Hundred}</p>")), ["w49 not w50 w51", "w49 w50"] },
        { "signs that are no words", "Price < 5", Message(Body("Price > -5")), ["Price < 5", "Price > -5"] },
        { "a picture that has a text behind it", "", Message(Body("a [pay 100] b"), Html("<p>a <img src='cid:x'> b</p>")), ["a [pay 100] b"] },
        { "a text that HTML does not show", "", Message(Body("a pay 100"), Html("<p>a<span style='display:none'>pay 100</span></p>")), ["a pay 100"] },
        { "data twice", "", new TnefWriter().File("a.txt", "one"u8.ToArray()).Attribute(2, 0x0006800F, "another"u8.ToArray()).ToArray(), ["one", "another"] },
        { "data and an object", "", new TnefWriter().File("a.txt", "one"u8.ToArray(), TnefWriter.Binary(0x3701, "another"u8.ToArray())).ToArray(), ["one", "another"] },
        { "an object twice", "", new TnefWriter().File("a.txt", "one"u8.ToArray(), TnefWriter.Binary(0x3701, "one"u8.ToArray()), TnefWriter.Binary(0x3701, "another"u8.ToArray())).ToArray(), ["one", "another"] },
        { "two messages in one", "", Embedded(new TnefWriter().Note("one text").ToArray(), new TnefWriter().Note("another text").ToArray()), ["one text", "another text"] },
        { "a long subject inside", "", new TnefWriter().Note("text").Embedded(new TnefWriter().Note("text", subject: new string('a', 600) + "end").ToArray()).ToArray(), ["end"] },
        { "somebody without a name inside", "", new TnefWriter().Note("text").Embedded(new TnefWriter().Note("text").Recipients([TnefWriter.Whole(0x0C15, 1), TnefWriter.Text(0x3003, "/O=ORG/CN=CEO")]).ToArray()).ToArray(), ["/O=ORG/CN=CEO"] },
        { "a picture in a plain text of RTF", "", Message(Body("a text"), Rtf("\\fromtext a text{\\pict 0102}")), ["a text", "{\\pict"] },
        { "a note in RTF", "", Message(Rtf("text{\\*\\annotation a note}")), ["a note"] },
        { "a text for those who show RTF", "", Message(Rtf("\\fromhtml1{\\*\\htmltag <p>}text\\htmlrtf hidden\\htmlrtf0")), ["hidden"] },
    };

    [Theory]
    [MemberData(nameof(Hidden))]
    public void Every_text_is_seen_by_every_reader_or_the_object_stays(string name, string before, byte[] tnef, string[] texts) =>
        ShouldSeeAll(TnefMail.Of(tnef, before), texts, name);

    [Theory]
    [InlineData("utf-8", "Gr\u00C3\u00BC\u00C3\u009Fe", true)]
    [InlineData("iso-8859-1", "Gr\u00FC\u00DFe", true)]
    [InlineData("us-ascii", "Gr\u00FC\u00DFe", false)]
    [InlineData("us-ascii", "Gr\u00C3\u00BC\u00C3\u009Fe", false)]
    [InlineData("utf-8", "Gr\u00FC\u00DFe", false)]
    [InlineData("x-unknown", "Gr\u00FC\u00DFe", false)]
    public void A_text_before_that_some_read_otherwise_stands_for_no_other(string charset, string octets, bool standsForIt)
    {
        var mail = Encoding.Latin1.GetString(TnefMail.Of(Message(Body("Gr\u00FC\u00DFe")), "BEFORE"))
            .Replace("charset=us-ascii\r\n", $"charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n", StringComparison.Ordinal).Replace("BEFORE", octets, StringComparison.Ordinal);

        var leaves = TnefMail.Leaves(TnefMail.Convert(Encoding.Latin1.GetBytes(mail)).Message.ShouldNotBeNull());

        leaves.Count.ShouldBe(standsForIt ? 1 : 2);
    }

    // Octets that are no text where the object says they are one are never another text.
    [Theory]
    [InlineData(20127, 0x1013)]
    [InlineData(65001, 0x1013)]
    [InlineData(0, 0x1013)]
    [InlineData(99, 0x1013)]
    [InlineData(20127, 0x1000)]
    [InlineData(65001, 0x1000)]
    [InlineData(0, 0x1000)]
    public void A_text_that_is_not_in_its_code_page_leaves_the_message_as_it_is(int codepage, int id)
    {
        var text = id == 0x1000 ? TnefWriter.Text8(id, "Gr\u00FC\u00DFe") : TnefWriter.Binary(id, Encoding.Latin1.GetBytes("<p>Gr\u00FC\u00DFe</p>"));
        var writer = new TnefWriter(id == 0x1000 ? codepage : 1252);

        var conversion = TnefMail.Convert(TnefMail.Of(writer.Message(text, TnefWriter.Whole(0x3FDE, codepage)).ToArray()));

        conversion.Message.ShouldBeNull();
        conversion.Story.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(1252, "Gr\u00FC\u00DFe", "Gr\u00FC\u00DFe")]
    [InlineData(1251, "\u00CF\u00F0\u00E8", "\u041F\u0440\u0438")]
    [InlineData(65001, "Gr\u00C3\u00BC", "Gr\u00FC")]
    [InlineData(932, "\u0082\u00A0", "\u3042")]
    [InlineData(0, "plain", "plain")]
    public void A_text_that_is_in_its_code_page_is_read_in_it(int codepage, string octets, string text)
    {
        var mail = TnefMail.Of(new TnefWriter(codepage).Message(TnefWriter.Text8(0x1000, octets)).ToArray());

        var leaf = TnefMail.Leaves(TnefMail.Convert(mail).Message.ShouldNotBeNull()).ShouldHaveSingleItem();

        Encoding.UTF8.GetString(leaf.DecodeBody()).ShouldBe(text);
    }

    [Theory]
    [InlineData("<p>Hello <a href='http://x.example/'>Bob</a></p><ul><li>milk</ul>", "Hello Bob <http://x.example/>\r\n\r\n* milk", "Hello Bob\r\n\r\nmilk")]
    [InlineData("<p>see <img src='cid:i@1'></p><hr>", "see [cid:i@1]\r\n____________", "see <<plan.doc>>")]
    public void What_programs_write_of_html_stays_one_of_two_forms(string html, string inside, string before)
    {
        var mail = TnefMail.Of(new TnefWriter().Message(Body(inside), Html(html)).File("plan.doc", [1]).ToArray(), before);

        var leaves = TnefMail.Leaves(TnefMail.Convert(mail).Message.ShouldNotBeNull());

        leaves.Select(leaf => leaf.ContentType.MediaType).ShouldBe(["text/plain", "text/html", "application/msword"]);
        Encoding.UTF8.GetString(leaves[0].DecodeBody()).ShouldBe(before);
    }

    internal static bool ShouldSeeAll(byte[] mail, IEnumerable<string> texts, string name, params string[] known)
    {
        var conversion = TnefMail.Convert(mail);
        if (conversion.Message is not { } result)
        {
            conversion.Story.ShouldHaveSingleItem(name).ShouldNotBeNullOrWhiteSpace();
            return false;
        }

        if (TnefMail.Leaves(result).Find(leaf => leaf.ContentType.MediaType == "application/ms-tnef") is { } kept)
        {
            kept.Raw.ToArray().ShouldBe(TnefMail.Leaves(TnefMail.Read(mail)).Find(leaf => leaf.ContentType.MediaType == "application/ms-tnef")!.Raw.ToArray());
            conversion.Story.ShouldContain(line => line.Contains("stay beside it", StringComparison.Ordinal), name);
            return false;
        }

        foreach (var reader in SeenByReaders.All.Where(reader => reader == "last" || !name.Contains("picture in", StringComparison.Ordinal)))
        {
            var seen = Without(SeenByReaders.Seen(result.Raw.ToArray(), reader));
            foreach (var text in texts)
            {
                seen.ShouldContain(Without(SeenByReaders.Packed(text)), Case.Sensitive, $"{name}, {reader}\n{Encoding.UTF8.GetString(result.Raw.Span)}");
            }
        }

        return true;

        string Without(string text) => known.Aggregate(text, (rest, aside) => rest.Replace(aside, string.Empty, StringComparison.Ordinal));
    }

    private static byte[] Message(params byte[][] properties) => new TnefWriter().Message(properties).ToArray();

    private static TnefWriter Attribute(string text) => new TnefWriter().Attribute(1, 0x0002800C, Encoding.ASCII.GetBytes(text + "\0"));

    private static byte[] Body(string text) => TnefWriter.Text(0x1000, text);

    private static byte[] Html(string html) => TnefWriter.Text(0x1013, html);

    private static byte[] Rtf(string rtf) => TnefWriter.Binary(0x1009, TnefWriter.Unpacked($"{{\\rtf1\\ansi {rtf}}}"));

    private static byte[] Several(int type, params string[] texts) =>
    [
        (byte)type, (byte)(type >> 8), 0x00, 0x10, .. BitConverter.GetBytes(texts.Length),
        .. texts.SelectMany(text => (byte[])[.. BitConverter.GetBytes(4), .. Encoding.ASCII.GetBytes(text), 0]),
    ];

    private static byte[] Embedded(byte[] one, byte[] other) => new TnefWriter().Note("text").Attribute(2, 0x00069002, new byte[14]).Attribute(2, 0x00069005, TnefWriter.Properties(
        TnefWriter.Binary(0x3701, [.. TnefWriter.MessageInterface, .. one], type: 0x000D),
        TnefWriter.Binary(0x3701, [.. TnefWriter.MessageInterface, .. other], type: 0x000D))).ToArray();
}
