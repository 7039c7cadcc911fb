using System.Text;
using SmimeGateway.Mime;
using SmimeGateway.Protecting.Tnef;
using SmimeGateway.TestSupport.Tnef;

namespace SmimeGateway.Tests.Protecting.Tnef;

/// <summary>What a TNEF object brings is what somebody wrote into it.</summary>
public sealed class HostileTnefTests
{
    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\Windows\\system32\\calc.exe", "calc.exe")]
    [InlineData("/etc/shadow", "shadow")]
    [InlineData("report.txt:hidden", "hidden")]
    [InlineData("a\r\nBcc: spy@example.org\r\n\r\n.txt", "spy@example.org    .txt")]
    [InlineData("a\u0000b\u0007.txt", "a b .txt")]
    [InlineData("a\"; name=\"b.exe", "a'; name='b.exe")]
    [InlineData("invoice\u202Egnp.exe", "invoicegnp.exe")]
    [InlineData("..", null)]
    [InlineData("...hidden", "hidden")]
    [InlineData("Grüße aus Köln – 日本.pdf", "Grüße aus Köln – 日本.pdf")]
    [InlineData("=?utf-8?Q?a.exe?=", "=_utf-8_Q_a.exe_=")]
    [InlineData("100%41.txt", "100%41.txt")]
    [InlineData("a'b''c.txt", "a'b''c.txt")]
    public void A_name_of_a_file_is_a_name_and_nothing_else_to_every_reader(string name, string? expected)
    {
        var result = Convert(new TnefWriter().Note("text").File(name, "x"u8.ToArray()).ToArray());

        var file = TnefMail.Leaves(result)[^1];
        file.Header.Select(field => field.Name).ShouldBe(["Content-Type", "Content-Transfer-Encoding", "Content-Disposition"]);
        file.FileName.ShouldBe(expected);
        using var stream = new MemoryStream(result.Raw.ToArray());
        MimeKit.MimeMessage.Load(stream).BodyParts.OfType<MimeKit.MimePart>().Last().FileName.ShouldBe(expected);
        Encoding.ASCII.GetString(result.Raw.Span).Split("\r\n").ShouldAllBe(line => line.Length <= 998);
    }

    [Fact]
    public void A_long_name_is_cut_and_keeps_its_extension()
    {
        var result = Convert(new TnefWriter().Note("text").File(new string('ä', 5000) + ".pdf", [1]).ToArray());

        TnefMail.Leaves(result)[^1].FileName.ShouldBe(new string('ä', 146) + ".pdf");
    }

    [Theory]
    [InlineData("application/pkcs7-mime")]
    [InlineData("application/x-pkcs7-signature")]
    [InlineData("multipart/signed")]
    [InlineData("multipart/mixed; boundary=b")]
    [InlineData("message/rfc822")]
    [InlineData("message/external-body")]
    [InlineData("application/pgp-encrypted")]
    [InlineData("application/ms-tnef")]
    [InlineData("text/calendar")]
    [InlineData("text/html\r\nFrom: ceo@example.com")]
    [InlineData("text/html; charset=utf-7")]
    [InlineData("text")]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("a/b/c")]
    public void A_file_is_never_of_a_type_that_says_something_about_the_message(string type)
    {
        var result = Convert(new TnefWriter().Note("text").File("smime.p7m", [1, 2, 3], TnefWriter.Text(0x370E, type)).ToArray());

        var leaves = TnefMail.Leaves(result);
        leaves.Count.ShouldBe(2);
        leaves[1].ContentType.MediaType.ShouldBe(type.Length == 0 ? leaves[1].ContentType.MediaType : "application/octet-stream");
        leaves[1].ContentType.MediaType.ShouldNotContain("pkcs");
        leaves[1].DecodeBody().ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void A_file_alone_is_an_attachment_of_an_empty_text_and_not_the_message()
    {
        var mail = Encoding.ASCII.GetBytes(
            TnefMail.Header + "Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\nContent-Language: de\r\n\r\n"
            + System.Convert.ToBase64String(new TnefWriter().File("smime.p7m", [1, 2, 3]).ToArray()));

        var result = TnefMail.Convert(mail).Message.ShouldNotBeNull();

        Encoding.ASCII.GetString(result.Raw.Span).ShouldStartWith(TnefMail.Header + "Content-Language: de\r\nContent-Type: multipart/mixed; boundary=");
        TnefMail.Leaves(result).Select(leaf => leaf.ContentType.MediaType).ShouldBe(["text/plain", "application/octet-stream"]);
    }

    [Fact]
    public void What_names_people_in_an_attached_message_names_nobody_else_and_never_a_blind_recipient()
    {
        const string Injected = "Anna\r\nBcc: spy@example.org\r\nFrom: ceo@example.com\r\n\r\nbody";
        var inner = new TnefWriter()
            .Message(TnefWriter.Text(0x001A, "IPM.Note"), TnefWriter.Text(0x0037, Injected), TnefWriter.Text(0x0C1A, Injected), TnefWriter.Text(0x5D01, "x@y.example>, <ceo@example.com"))
            .Recipients(
                [TnefWriter.Whole(0x0C15, 1), TnefWriter.Text(0x3001, "Bert"), TnefWriter.Text(0x39FE, "bert@partner.example")],
                [TnefWriter.Whole(0x0C15, 2), TnefWriter.Text(0x3001, Injected), TnefWriter.Text(0x39FE, "carol@partner.example\r\nBcc: spy@example.org")],
                [TnefWriter.Whole(0x0C15, unchecked((int)0x80000001)), TnefWriter.Text(0x39FE, "dora@partner.example")],
                [TnefWriter.Whole(0x0C15, 3), TnefWriter.Text(0x3001, "Secret"), TnefWriter.Text(0x39FE, "secret@partner.example")],
                [TnefWriter.Whole(0x0C15, 0x10000003), TnefWriter.Text(0x3001, "Secret"), TnefWriter.Text(0x39FE, "secret@partner.example")])
            .ToArray();

        var result = Convert(new TnefWriter().Note("text").Embedded(inner).ToArray());

        var attached = TnefMail.Leaves(result).Single(leaf => leaf.IsMessage);
        attached.TryGetParts(out var parts, out _).ShouldBeTrue();
        parts![0].Header.Select(field => field.Name).ShouldBe(["From", "To", "Cc", "Subject", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"]);
        parts[0].Header.Find("To")!.Body.ShouldBe("\"Bert\" <bert@partner.example>, dora@partner.example");
        AddressList.TryParse(parts[0].Header.Find("From")!.Body, out var authors).ShouldBeTrue();
        authors!.ShouldBeEmpty();
        Encoding.ASCII.GetString(result.Raw.Span).ShouldNotContain("secret@", Case.Insensitive);
    }

    [Fact]
    public void The_author_of_the_message_is_who_the_rules_judged_whatever_the_object_says()
    {
        var tnef = new TnefWriter().Message(
            TnefWriter.Text(0x001A, "IPM.Note"), TnefWriter.Text(0x0042, "The Boss"), TnefWriter.Text(0x5D02, "ceo@example.com"), TnefWriter.Text(0x0037, "other"), TnefWriter.Text(0x1000, "text")).ToArray();

        var result = Convert(tnef);

        result.Header.Select(field => field.ToString()).Take(4).ShouldBe(TnefMail.Header.Split("\r\n")[..4]);
        Encoding.ASCII.GetString(result.Raw.Span).ShouldNotContain("ceo@", Case.Insensitive);
    }

    [Theory]
    [InlineData(TnefLengths.MaxDepth, true)]
    [InlineData(TnefLengths.MaxDepth + 1, false)]
    [InlineData(60, false)]
    public void Objects_in_objects_are_followed_to_a_depth(int depth, bool isConverted)
    {
        var tnef = new TnefWriter().Note("innermost").ToArray();
        for (var i = 1; i < depth; i++)
        {
            tnef = new TnefWriter().Note("text").Embedded(tnef).ToArray();
        }

        var conversion = TnefMail.Convert(TnefMail.Of(tnef));

        (conversion.Message is not null).ShouldBe(isConverted);
        conversion.Story.ShouldHaveSingleItem().Contains("nested more than", StringComparison.Ordinal).ShouldBe(!isConverted);
    }

    // What is compared with each other is not many, and what is found in a text is no longer than it.
    [Fact]
    public void A_text_in_thousands_of_forms_and_one_of_nothing_but_lines_cost_little()
    {
        var forms = Enumerable.Range(0, 15_000).Aggregate(new TnefWriter(), (writer, i) => writer.Attribute(1, 0x0002800C, Encoding.ASCII.GetBytes($"{i}\0")));
        var bodies = new TnefWriter().Message([.. Enumerable.Range(0, 15_000).Select(i => TnefWriter.Text(0x1000, $"{i}"))]);
        var lines = new TnefWriter().Message(TnefWriter.Text(0x1013, string.Concat(Enumerable.Repeat("<hr>", 1_000_000)) + "x"));
        var looks = new TnefWriter().Message(TnefWriter.Text(0x1013, "<style>" + string.Concat(Enumerable.Repeat("/*", 1_000_000)) + "</style>x"));

        TnefMail.Convert(TnefMail.Of(forms.ToArray())).Story.ShouldHaveSingleItem().ShouldContain("more than 20 forms");
        TnefMail.Leaves(Convert(bodies.ToArray()))[^1].ContentType.MediaType.ShouldBe("application/ms-tnef");
        TnefMail.Leaves(Convert(looks.ToArray())).ShouldHaveSingleItem().ContentType.MediaType.ShouldBe("text/html");
        TnefMail.Leaves(Convert(lines.ToArray())).ShouldHaveSingleItem().ContentType.MediaType.ShouldBe("text/html");
    }

    public static TheoryData<string, byte[]> Liars() => new()
    {
        { "cut off", new TnefWriter().Note("text").ToArray()[..^5] },
        { "checksum", new TnefWriter().Attribute(1, 0x0002800C, "text"u8.ToArray(), checksum: 1).ToArray() },
        { "properties", new TnefWriter().Attribute(1, 0x00069003, [0xFF, 0xFF, 0xFF, 0x7F]).ToArray() },
        { "fewer than none", new TnefWriter().Attribute(1, 0x00069003, [0xFF, 0xFF, 0xFF, 0xFF]).ToArray() },
        { "rows", new TnefWriter().Attribute(1, 0x00069004, [0xFF, 0xFF, 0xFF, 0x0F]).ToArray() },
        { "values", new TnefWriter().Attribute(1, 0x00069003, [1, 0, 0, 0, 0x02, 0x01, 0x13, 0x10, 0xFF, 0xFF, 0xFF, 0x0F]).ToArray() },
        { "octets", new TnefWriter().Attribute(1, 0x00069003, [1, 0, 0, 0, 0x02, 0x01, 0x13, 0x10, 1, 0, 0, 0, 0xF0, 0xFF, 0xFF, 0x7F, 1, 2, 3, 4]).ToArray() },
        { "type", new TnefWriter().Attribute(1, 0x00069003, [1, 0, 0, 0, 0x77, 0x00, 0x13, 0x10, 1, 0, 0, 0]).ToArray() },
        { "name", new TnefWriter().Attribute(1, 0x00069003, [1, 0, 0, 0, 0x03, 0x00, 0x00, 0x80, .. new byte[16], 7, 0, 0, 0, 1, 0, 0, 0]).ToArray() },
        { "attachments", Enumerable.Range(0, 1001).Aggregate(new TnefWriter().Note("text"), (writer, _) => writer.Attribute(2, 0x00069002, new byte[14])).ToArray() },
        { "attributes", Enumerable.Range(0, 20_001).Aggregate(new TnefWriter(), (writer, _) => writer.Attribute(1, 0x00040009, [0, 0])).ToArray() },
        { "no attachment", new TnefWriter().Attribute(2, 0x0006800F, [1, 2]).ToArray() },
        { "sealed", new TnefWriter().Note("text", messageClass: "IPM.Note.SMIME.MultipartSigned").ToArray() },
        { "nothing but an entry", new TnefWriter().Message(TnefWriter.Text(0x001A, "IPM.Contact")).ToArray() },
        { "packed to little", Rtf(packed: int.MaxValue) },
        { "packed to nothing", Rtf(packed: -1) },
        { "unpacks to much", Rtf(unpacked: int.MaxValue) },
        { "unpacks to less than nothing", Rtf(unpacked: int.MinValue) },
        { "unpacks to more than it holds", Rtf(unpacked: 30) },
        { "packed by nobody", Rtf(mark: 1) },
        { "changed on the way", Rtf(checksum: 1) },
        { "no rtf", new TnefWriter().Message(TnefWriter.Binary(0x1009, [1, 2, 3])).ToArray() },
        { "date", new TnefWriter().Message([0x40, 0x00, 0x39, 0x00, .. Enumerable.Repeat((byte)0xFF, 7), 0x7F]).ToArray() },
        { "groups", new TnefWriter().Message(TnefWriter.Binary(0x1009, TnefWriter.Unpacked("{\\rtf1 " + new string('{', 3000) + "a"))).ToArray() },
    };

    [Theory]
    [MemberData(nameof(Liars))]
    public void An_object_that_lies_or_hides_leaves_the_message_as_it_is_with_a_reason(string name, byte[] tnef)
    {
        var mail = TnefMail.Of(tnef);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var conversion = TnefMail.Convert(mail);

        conversion.Message.ShouldBeNull(name);
        conversion.Story.ShouldHaveSingleItem().ShouldNotBeNullOrWhiteSpace();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(20_000_000);
    }

    [Fact]
    public void A_text_that_would_pass_for_an_encrypted_message_stays_where_it_is()
    {
        var tnef = new TnefWriter().Note("-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA+x=\r\n=aaaa\r\n-----END PGP MESSAGE-----\r\n").ToArray();
        var mail = Encoding.ASCII.GetBytes(
            TnefMail.Header + "Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n" + System.Convert.ToBase64String(tnef));

        var conversion = TnefMail.Convert(mail);

        conversion.Message.ShouldBeNull();
        conversion.Story.ShouldHaveSingleItem().ShouldContain("signed or encrypted");
    }

    // Every packed text is well within what one may become; together they are not.
    [Theory]
    [InlineData(1, 100, true)]
    [InlineData(1, 400_000, false)]
    [InlineData(120, 2_000, false)]
    public void Texts_that_become_far_longer_than_they_came_are_not_unpacked(int texts, int references, bool isConverted)
    {
        var rtf = TnefWriter.Binary(0x1009, TnefWriter.Packed("{\\rtf1 a", references));
        var writer = new TnefWriter().Message(rtf);
        for (var i = 1; i < texts; i++)
        {
            writer.Embedded(new TnefWriter().Message(rtf).ToArray());
        }

        var mail = TnefMail.Read(TnefMail.Of(writer.ToArray()));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var conversion = TnefConversion.Of(mail, _ => true, MimeLimits.Standard, TimeProvider.System, CancellationToken.None);

        (conversion.Message is not null).ShouldBe(isConverted, conversion.Story[0]);
        conversion.Story.ShouldHaveSingleItem().Contains("too long when they are unpacked", StringComparison.Ordinal).ShouldBe(!isConverted);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100_000_000);
    }

    [Theory]
    [InlineData("<img src=\"cid:a@b\"><img src='CID:c%40d'><p style=background:url(cid:e)>", "a@b c@d e")]
    [InlineData("cid:", "")]
    [InlineData("no such thing", null)]
    public void What_html_shows_inside_itself_is_found_by_name(string html, string? names) =>
        ShownIds.Of(html).ShouldBe(names?.Split(' ') ?? []);

    [Fact]
    public void A_thousand_pictures_and_a_long_text_cost_no_more_than_reading_them()
    {
        var writer = new TnefWriter().Message(TnefWriter.Text(0x1013, string.Concat(Enumerable.Repeat("<img src=cid:x> cid cid:", 150_000))));
        for (var i = 0; i < 1000; i++)
        {
            writer.File("a.png", [1], TnefWriter.Text(0x3712, $"no{i}"));
        }

        TnefMail.Leaves(Convert(writer.ToArray())).Count.ShouldBe(1001);
    }

    [Fact]
    public void Whoever_could_be_read_as_another_author_leaves_the_message_as_it_is()
    {
        var conversion = TnefConversion.Of(
            TnefMail.Read(TnefMail.Of(new TnefWriter().Note("text").ToArray())), _ => false, MimeLimits.Standard, TimeProvider.System, CancellationToken.None);

        conversion.Message.ShouldBeNull();
        conversion.Story.ShouldHaveSingleItem().ShouldContain("author");
    }

    [Fact]
    public void Who_gives_up_waiting_ends_it()
    {
        using var ended = new CancellationTokenSource();
        ended.Cancel();

        Should.Throw<OperationCanceledException>(() => TnefConversion.Of(
            TnefMail.Read(TnefMail.Of(new TnefWriter().Note("text").ToArray())), _ => true, MimeLimits.Standard, TimeProvider.System, ended.Token));
    }

    private static byte[] Rtf(int? packed = null, int? unpacked = null, int? mark = null, int? checksum = null)
    {
        var rtf = TnefWriter.Packed("{\\rtf1 a", 1);
        byte[][] header = [rtf[..4], rtf[4..8], rtf[8..12], rtf[12..16]];
        int?[] lies = [packed, unpacked, mark, checksum];
        return new TnefWriter()
            .Message(TnefWriter.Binary(0x1009, [.. header.SelectMany((field, i) => lies[i] is { } lie ? BitConverter.GetBytes(lie) : field), .. rtf[16..]]))
            .ToArray();
    }

    private static Entity Convert(byte[] tnef)
    {
        var conversion = TnefMail.Convert(TnefMail.Of(tnef));
        return conversion.Message.ShouldNotBeNull(string.Join("; ", conversion.Story));
    }
}
