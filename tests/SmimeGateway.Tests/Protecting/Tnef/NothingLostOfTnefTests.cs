using System.Text;
using SmimeGateway.Mime;
using SmimeGateway.TestSupport.Tnef;

namespace SmimeGateway.Tests.Protecting.Tnef;

/// <summary>What stands beside an object, and what it holds that has no other form.</summary>
public sealed class NothingLostOfTnefTests
{
    private const string Words = "one two three four five six seven eight nine ten";

    [Theory]
    [InlineData(Words, Words, "text/plain text/rtf")]
    [InlineData("one two three\r\nfour\tfive six  seven eight nine ten ", Words, "text/plain text/rtf")]
    [InlineData("", Words, "text/plain text/rtf")]
    [InlineData("one two three four five six seven eight nine", Words, "text/plain text/plain text/rtf")]
    [InlineData(Words + ".", Words, "text/plain text/plain text/rtf")]
    [InlineData("One two three four five six seven eight nine ten", Words, "text/plain text/plain text/rtf")]
    [InlineData("two one three four five six seven eight nine ten", Words, "text/plain text/plain text/rtf")]
    [InlineData("***", Words, "text/plain text/plain text/rtf")]
    [InlineData(Words, "", "text/plain")]
    public void A_text_that_stands_before_an_object_is_another_one_unless_it_says_the_same(string before, string inside, string types)
    {
        var rtf = TnefWriter.Binary(0x1009, TnefWriter.Unpacked($"{{\\rtf1 {inside}}}"));
        var result = Convert(TnefMail.Of(new TnefWriter().Message(TnefWriter.Text(0x1000, inside.Length == 0 ? " " : inside), rtf).ToArray(), before));

        var leaves = TnefMail.Leaves(result);
        string.Join(' ', leaves.Select(leaf => leaf.ContentType.MediaType)).ShouldBe(types);
        Encoding.UTF8.GetString(leaves[0].DecodeBody()).ShouldBe(before.Length == 0 ? inside : before);
    }

    // a: the attribute, p: the property, h: HTML, t: plain text in RTF, r: RTF with looks, x: HTML in RTF; "0" is an empty one, "1" and "2" are texts.
    [Theory]
    [InlineData("a0 t1", "text/plain 1")]
    [InlineData("a0 r1", "text/plain 1 text/rtf")]
    [InlineData("a0 x1", "text/html 1")]
    [InlineData("a0 h1", "text/html 1")]
    [InlineData("a0 p1", "text/plain 1")]
    [InlineData("p0 t1", "text/plain 1")]
    [InlineData("a1 p0", "text/plain 1")]
    [InlineData("a1 h0", "text/plain 1")]
    [InlineData("h0 t1", "text/plain 1")]
    [InlineData("h0 r1", "text/plain 1 text/rtf")]
    [InlineData("h0 x1", "text/html 1")]
    [InlineData("a1 x0", "text/plain 1")]
    [InlineData("a1 t1", "text/plain 1")]
    [InlineData("p1 h1 r1", "text/plain 1 text/html 1")]
    [InlineData("p1 h1 x1", "text/plain 1 text/html 1")]
    [InlineData("a1 t2", "text/plain 1 text/plain ?")]
    [InlineData("h1 r2", "text/html 1 text/plain ? text/rtf")]
    [InlineData("h1 x2", "text/html 1 text/html ?")]
    [InlineData("a2 p1", "text/plain 1 text/plain ?")]
    [InlineData("p1 p2", "text/plain 1 text/plain ?")]
    [InlineData("h1 h2", "text/html 1 text/html ?")]
    [InlineData("r1 r2", "text/plain 1 text/rtf text/plain ? text/rtf")]
    [InlineData("p1 h2", "text/html ? text/plain 1")]
    [InlineData("p1 r2", "text/plain ? text/rtf text/plain 1")]
    [InlineData("p2 h1 r1 a1 t1", "text/plain 1 text/html 1 text/plain ?")]
    [InlineData("p1 p1 a1", "text/plain 1")]
    [InlineData("h1 damaged", "text/html 1 application/ms-tnef")]
    public void No_form_of_a_text_hides_another_that_says_more(string forms, string leaves)
    {
        var (writer, properties) = (new TnefWriter(), new List<byte[]>());
        foreach (var form in forms.Split(' '))
        {
            var text = form[^1] switch { '0' => " ", '1' => "the first word", _ => "another one" };
            switch (form[0])
            {
                case 'a':
                    writer.Attribute(1, 0x0002800C, [.. Encoding.ASCII.GetBytes(text == " " ? "" : text), 0]);
                    break;
                case 'd':
                    properties.Add(TnefWriter.Binary(0x1009, [1, 2, 3, 4]));
                    break;
                case 'p' or 'h':
                    properties.Add(TnefWriter.Text(form[0] == 'p' ? 0x1000 : 0x1013, form[0] == 'p' ? text : $"<html><p>{text}</p></html>"));
                    break;
                case var kind:
                    var mark = kind switch { 't' => "\\fromtext ", 'x' => "\\fromhtml1 ", _ => " " };
                    properties.Add(TnefWriter.Binary(0x1009, TnefWriter.Unpacked($"{{\\rtf1\\ansi{mark}{(kind == 'x' ? $"{{\\*\\htmltag64 <p>}}{text}" : text)}}}")));
                    break;
            }
        }

        var result = TnefMail.Leaves(Convert(TnefMail.Of(writer.Message([.. properties]).ToArray())));

        string.Join(' ', result.Select(leaf => leaf.ContentType.MediaType + (Encoding.UTF8.GetString(leaf.DecodeBody()) is var said
            && leaf.ContentType.MediaType is "text/rtf" or "application/ms-tnef" ? "" : said.Contains("the first word", StringComparison.Ordinal) ? " 1" : " ?"))).ShouldBe(leaves);
    }

    [Theory]
    [InlineData("IPM.Contact")]
    [InlineData("IPM.Task")]
    [InlineData("IPM.Appointment")]
    [InlineData("IPM.Note.SMIME")]
    [InlineData("IPM.Schedule.Meeting.Request")]
    public void An_attached_entry_of_another_kind_is_readable_and_stays(string messageClass)
    {
        var mail = TnefMail.Of(new TnefWriter().Note("outer").Embedded(new TnefWriter().Note("inner", messageClass: messageClass).ToArray()).ToArray());

        var leaves = TnefMail.Leaves(Convert(mail));

        leaves.Select(leaf => leaf.ContentType.MediaType).ShouldBe(["text/plain", "message/rfc822", "text/plain", "application/ms-tnef"]);
        leaves[3].Raw.ToArray().ShouldBe(TnefMail.Leaves(TnefMail.Read(mail))[1].Raw.ToArray());
    }

    [Fact]
    public void What_is_attached_only_as_a_link_stays()
    {
        var tnef = new TnefWriter().Note("text").Attribute(2, 0x00069002, new byte[14])
            .Attribute(2, 0x00069005, TnefWriter.Properties(TnefWriter.Whole(0x3705, 7), TnefWriter.Text(0x3707, "report.docx"))).ToArray();

        TnefMail.Leaves(Convert(TnefMail.Of(tnef)))[^1].ContentType.MediaType.ShouldBe("application/ms-tnef");
    }

    [Fact]
    public void What_follows_the_object_stays_unless_it_is_nothing()
    {
        var note = new TnefWriter().Note("text").ToArray();

        TnefMail.Leaves(Convert(TnefMail.Of([.. note, 0, 13, 10])))[^1].ContentType.MediaType.ShouldBe("text/plain");
        TnefMail.Leaves(Convert(TnefMail.Of([.. note, .. "more"u8])))[^1].ContentType.MediaType.ShouldBe("application/ms-tnef");

        TnefMail.Leaves(Convert(TnefMail.Of(new TnefWriter().Note("outer").Embedded([.. note, 0, 13, 10]).ToArray())))[^1].ContentType.MediaType.ShouldBe("text/plain");
        TnefMail.Leaves(Convert(TnefMail.Of(new TnefWriter().Note("outer").Embedded([.. note, .. "more"u8]).ToArray())))[^1].ContentType.MediaType.ShouldBe("application/ms-tnef");
    }

    [Fact]
    public void An_object_of_ole_is_the_file_that_it_is_without_the_name_of_its_interface()
    {
        byte[] ole = [0xD0, 0xCF, 0x11, 0xE0, 1, 2, 3];
        var tnef = new TnefWriter().Note("text").Attribute(2, 0x00069002, new byte[14])
            .Attribute(2, 0x00069005, TnefWriter.Properties(TnefWriter.Binary(0x3701, [.. new Guid("0000000B-0000-0000-C000-000000000046").ToByteArray(), .. ole], type: 0x000D))).ToArray();

        TnefMail.Leaves(Convert(TnefMail.Of(tnef)))[^1].DecodeBody().ShouldBe(ole);
    }

    [Fact]
    public void A_file_of_that_name_that_is_something_else_stays_and_is_no_trouble()
    {
        var mail = Encoding.ASCII.GetString(TnefMail.Of("no object at all"u8.ToArray())).Replace("application/ms-tnef", "application/octet-stream", StringComparison.Ordinal);

        var conversion = TnefMail.Convert(Encoding.ASCII.GetBytes(mail));

        conversion.Message.ShouldBeNull();
        conversion.Story.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void Several_objects_are_converted_together_up_to_a_number(int objects, bool isConverted)
    {
        var part = Encoding.ASCII.GetString(TnefMail.Of(new TnefWriter().Note("text").ToArray())).Split("--b\r\n")[2].Replace("\r\n--b--", string.Empty, StringComparison.Ordinal);
        var mail = TnefMail.Header + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + string.Concat(Enumerable.Repeat("--b\r\n" + part, objects)) + "--b--\r\n";

        var conversion = TnefMail.Convert(Encoding.ASCII.GetBytes(mail));

        (conversion.Message is not null).ShouldBe(isConverted, conversion.Story[0]);
        conversion.Story.Count.ShouldBe(isConverted ? objects : 1);
    }

    private static Entity Convert(byte[] mail)
    {
        var conversion = TnefMail.Convert(mail);
        return conversion.Message.ShouldNotBeNull(string.Join("; ", conversion.Story));
    }
}
