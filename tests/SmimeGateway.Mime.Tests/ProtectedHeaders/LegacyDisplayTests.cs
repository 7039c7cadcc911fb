using System.Buffers;
using System.Text;
using SmimeGateway.Mime.ProtectedHeaders;
using SmimeGateway.Mime.Tests.Corpus;

namespace SmimeGateway.Mime.Tests.ProtectedHeaders;

public sealed class LegacyDisplayTests
{
    private const string Marked = "1";

    [Theory]
    [MemberData(nameof(HeaderProtectionTests.Examples), MemberType = typeof(HeaderProtectionTests))]
    public void The_text_begins_with_the_display_of_the_RFC(int number)
    {
        var example = Rfc9788Examples.All[number];

        var payload = Encrypt(example.Message("text/plain; charset=\"us-ascii\"", "Please review\r\n"));

        Encoding.ASCII.GetString(payload.Body.Span).ShouldBe(example.Display + "Please review\r\n");
        payload.ContentType.Parameters.Decoded.ShouldBe([new("hp", "cipher"), new("hp-legacy-display", "1"), new("charset", "us-ascii")]);
    }

    [Theory]
    [InlineData("Content-Type: text/plain charset=utf-8\r\n\r\nx\r\n")]
    [InlineData("Content-Type: text/html (comment); charset=utf-8\r\n\r\nx\r\n")]
    [InlineData("Content-Type:\r\n\r\nx\r\n")]
    [InlineData("Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\nx\r\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\nno field\r\n\r\nx\r\n--b--\r\n")]
    [InlineData("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64 (so they say)\r\n\r\neA==\r\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=----=_Part_1_2.3\r\n\r\n------=_Part_1_2.3\r\n\r\nx\r\n------=_Part_1_2.3--\r\n")]
    [InlineData("Content-Type: multipart/mixed boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=b (comment)\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n")]
    public void What_programs_read_differently_already_stays_as_it_is(string entity)
    {
        foreach (var content in new[] { entity, $"Content-Type: multipart/mixed; boundary=outer\r\n\r\n--outer\r\n{entity}\r\n--outer--\r\n" })
        {
            var payload = Encrypt(Read.Message("Subject: hidden\r\n" + content));

            var text = Encoding.ASCII.GetString(payload.Raw.Span);
            text.ShouldNotContain("legacy-display");
            text.ShouldContain(entity[(entity.IndexOf('\n', StringComparison.Ordinal) + 1)..^2]);
            payload.ContentType.Parameter("hp").ShouldBe("cipher");
        }
    }

    // The fields and the structure of RFC 9788 appendix C.3.14. The words are others, and parameters come in another order.
    [Fact]
    public void A_complex_reply_is_written_like_that_of_the_RFC()
    {
        const string plain = "MIME-Version: 1.0\r\nContent-Transfer-Encoding: 7bit\r\nContent-Type: text/plain; charset=\"us-ascii\"\r\n\r\n";
        const string html = "MIME-Version: 1.0\r\nContent-Transfer-Encoding: 7bit\r\nContent-Type: text/html; charset=\"us-ascii\"\r\n\r\n<html><head><title></title></head><body>\r\n";
        const string fields =
            "Subject: smime-signed-enc-complex-hp-baseline-lgc-rpl\r\nMessage-ID:\r\n <smime-signed-enc-complex-hp-baseline-lgc-rpl@example>\r\n"
            + "From: Alice <alice@smime.example>\r\nTo: Bob <bob@smime.example>\r\nDate: Sat, 20 Feb 2021 12:16:02 -0500\r\nUser-Agent: Sample MUA Version 1.0\r\n"
            + "In-Reply-To:\r\n <smime-signed-enc-complex-hp-baseline-legacy@example>\r\nReferences:\r\n <smime-signed-enc-complex-hp-baseline-legacy@example>\r\n";
        const string image = "--bed\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: inline\r\n\r\niVBORw==\r\n\r\n--bed--\r\n";
        var message = Read.Message(
            $"MIME-Version: 1.0\r\n{fields}Content-Type: multipart/mixed; boundary=\"bed\"\r\n\r\n--bed\r\nMIME-Version: 1.0\r\n"
            + $"Content-Type: multipart/alternative; boundary=\"828\"\r\n\r\n--828\r\n{plain}words\r\n--828\r\n{html}<p>words</p></body></html>\r\n--828--\r\n\r\n{image}");

        var payload = Encrypt(message);

        const string subject = "Subject: smime-signed-enc-complex-hp-baseline-lgc-rpl\r\n";
        Encoding.ASCII.GetString(payload.Raw.Span).ShouldBe(
            $"MIME-Version: 1.0\r\n{fields}HP-Outer: Subject: [...]\r\n"
            + "HP-Outer: Message-ID: <smime-signed-enc-complex-hp-baseline-lgc-rpl@example>\r\nHP-Outer: From: Alice <alice@smime.example>\r\n"
            + "HP-Outer: To: Bob <bob@smime.example>\r\nHP-Outer: Date: Sat, 20 Feb 2021 12:16:02 -0500\r\nHP-Outer: User-Agent: Sample MUA Version 1.0\r\n"
            + "HP-Outer: In-Reply-To: <smime-signed-enc-complex-hp-baseline-legacy@example>\r\n"
            + "HP-Outer: References: <smime-signed-enc-complex-hp-baseline-legacy@example>\r\n"
            + "Content-Type: multipart/mixed; hp=\"cipher\"; boundary=\"bed\"\r\n\r\n--bed\r\nMIME-Version: 1.0\r\n"
            + "Content-Type: multipart/alternative; boundary=\"828\"\r\n\r\n"
            + $"--828\r\n{Mark(plain)}{subject}\r\nwords\r\n"
            + $"--828\r\n{Mark(html)}<div class=\"header-protection-legacy-display\">\r\n<pre>\r\n{subject}</pre>\r\n</div><p>words</p></body></html>\r\n--828--\r\n\r\n{image}");

        static string Mark(string header) => header.Replace("; charset", "; hp-legacy-display=\"1\"; charset", StringComparison.Ordinal);
    }

    // RFC 9788 section 5.2.3, with the escapes of section 10.3.
    [Fact]
    public void A_document_begins_with_the_display_of_the_RFC()
    {
        var payload = Encrypt(Read.Message(
            "Subject: <b>Tom & \"Jerry's\"</b>\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n<html><head><title></title></head><body>\r\n<p>x</p>\r\n</body></html>\r\n"));

        Encoding.ASCII.GetString(payload.Body.Span).ShouldBe(
            "<html><head><title></title></head><body>\r\n<div class=\"header-protection-legacy-display\">\r\n<pre>\r\n"
            + "Subject: &lt;b&gt;Tom &amp; &quot;Jerry&apos;s&quot;&lt;/b&gt;\r\n</pre>\r\n</div><p>x</p>\r\n</body></html>\r\n");
        payload.ContentType.Parameter("hp-legacy-display").ShouldBe(Marked);
    }

    [Theory]
    [InlineData("us-ascii", "7bit", "hello", "plan", "us-ascii", "7bit", "hello")]
    [InlineData("utf-8", "quoted-printable", "gr=C3=BCn =\r\nfurther", "plan", "utf-8", "quoted-printable", "gr\u00FCn further")]
    [InlineData("utf-8", "base64", "Z3LDvG4NCg==", "gr\u00FCn", "utf-8", "base64", "gr\u00FCn\r\n")]
    [InlineData("iso-8859-1", "8bit", "gr\u00FCn", "gr\u00FCn", "iso-8859-1", "8bit", "gr\u00FCn")]
    [InlineData("iso-8859-1", "7bit", "hello", "gr\u00FCn", "iso-8859-1", "quoted-printable", "hello")]
    [InlineData("iso-8859-1", "8bit", "gr\u00FCn", "\u043F\u043B\u0430\u043D", "utf-8", "8bit", "gr\u00FCn")]
    [InlineData("iso-2022-jp", "7bit", "\u001B$B7W2h\u001B(B", "\u8A08\u753B", "iso-2022-jp", "7bit", "\u8A08\u753B")]
    [InlineData("windows-1252", "base64", "gA==", "100 \u20AC", "windows-1252", "base64", "\u20AC")]
    [InlineData("us-ascii", "7bit", "hello", "gr\u00FCn", "utf-8", "quoted-printable", "hello")]
    [InlineData(null, null, "hello", "gr\u00FCn", "utf-8", "quoted-printable", "hello")]
    [InlineData(null, null, "hello", "plan", null, null, "hello")]
    public void Every_charset_and_encoding_is_kept_or_made_to_fit(
        string? charset, string? encoding, string body, string subject, string? charsetAfter, string? encodingAfter, string text)
    {
        var payload = Encrypt(Nested(charset, encoding, body, subject));

        var leaf = Read.Parts(payload)[0];
        leaf.ContentType.Parameter("charset").ShouldBe(charsetAfter ?? "us-ascii");
        leaf.TransferEncoding.ShouldBe(encodingAfter ?? "7bit");
        leaf.ContentType.Parameter("hp-legacy-display").ShouldBe(Marked);
        Read.Text(leaf).ShouldBe($"Subject: {subject}\r\n\r\n{text}");
    }

    [Theory]
    [InlineData("utf-16", "base64", "AGgAZQ==", "plan")]
    [InlineData("utf-7", "7bit", "hello", "plan")]
    [InlineData("hz-gb-2312", "7bit", "hello", "plan")]
    [InlineData("x-unheard-of", "7bit", "hello", "plan")]
    [InlineData("us-ascii", "8bit", "gr\u00FCn", "gr\u00FCn")]
    [InlineData("utf-8", "x-uuencode", "begin 644 x\r\n`\r\nend", "plan")]
    [InlineData("euc-jp", "8bit", "\u00FF\u00FF", "gr\u00FCn")]
    public void A_text_that_cannot_be_written_without_loss_stays_as_it_is(string charset, string encoding, string body, string subject)
    {
        var message = Nested(charset, encoding, body, subject);

        var payload = Encrypt(message);

        payload.Body.ToArray().ShouldBe(message.Body.ToArray());
        payload.Header.Find("Subject")!.Text.ShouldBe(subject);
    }

    [Fact]
    public void A_document_has_references_where_its_charset_has_no_characters()
    {
        var payload = Encrypt(Read.Message(
            "Subject: =?utf-8?B?0L/Qu9Cw0L0g8J+YgA==?=\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<body>gr=FCn</body>"));

        Encoding.Latin1.GetString(payload.DecodeBody()).ShouldContain("Subject: &#x43F;&#x43B;&#x430;&#x43D; &#x1F600;\r\n");
        Encoding.Latin1.GetString(payload.DecodeBody()).ShouldEndWith("</div>gr\u00FCn</body>");
    }

    [Fact]
    public void Only_main_texts_show_it()
    {
        const string alternative =
            "--a\r\nContent-Type: text/plain\r\n\r\nplain\r\n--a\r\nContent-Type: multipart/related; boundary=r\r\n\r\n"
            + "--r\r\nContent-Type: text/html\r\n\r\n<p>html\r\n--r\r\nContent-Type: text/html\r\n\r\n<p>frame\r\n--r--\r\n\r\n"
            + "--a\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n--a--\r\n";
        var payload = Encrypt(Read.Message(
            "Subject: plan\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\npreamble\r\n--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"
            + alternative
            + "\r\n--m\r\nContent-Type: text/plain\r\n\r\nan attachment\r\n--m--\r\nepilogue\r\n"));

        Encoding.Latin1.GetString(payload.Body.Span).ShouldBe(
            "preamble\r\n--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"
            + "--a\r\nContent-Type: text/plain; hp-legacy-display=\"1\"\r\n\r\nSubject: plan\r\n\r\nplain\r\n"
            + "--a\r\nContent-Type: multipart/related; boundary=r\r\n\r\n"
            + "--r\r\nContent-Type: text/html; hp-legacy-display=\"1\"\r\n\r\n"
            + "<div class=\"header-protection-legacy-display\">\r\n<pre>\r\nSubject: plan\r\n</pre>\r\n</div><p>html\r\n"
            + "--r\r\nContent-Type: text/html\r\n\r\n<p>frame\r\n--r--\r\n\r\n"
            + "--a\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n--a--\r\n"
            + "\r\n--m\r\nContent-Type: text/plain\r\n\r\nan attachment\r\n--m--\r\nepilogue\r\n");
        payload.ContentType.Parameter("hp-legacy-display").ShouldBeNull();
    }

    [Theory]
    [InlineData("text/plain", "Content-Disposition: attachment\r\n")]
    [InlineData("text/plain", "Content-Disposition: form-data\r\n")]
    [InlineData("text/calendar", "")]
    [InlineData("message/rfc822", "")]
    [InlineData("multipart/digest; boundary=x", "")]
    [InlineData("multipart/signed; boundary=x", "")]
    [InlineData("application/pkcs7-mime", "")]
    public void Nothing_else_is_touched(string contentType, string fields)
    {
        var first = $"Content-Type: {contentType}\r\n{fields}\r\nSubject: y\r\n\r\n--x\r\n\r\ntext\r\n--x--\r\n";
        var message = Read.Message($"Subject: plan\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n{first}\r\n--m--\r\n");

        Encrypt(message).Body.ToArray().ShouldBe(message.Body.ToArray());
    }

    [Theory]
    [InlineData("inline")]
    [InlineData("INLINE; filename=a.txt")]
    public void A_text_that_is_shown_in_place_is_a_main_text(string disposition)
    {
        var payload = Encrypt(Read.Message($"Subject: plan\r\nContent-Disposition: {disposition}\r\nContent-Type: text/plain\r\n\r\nx"));

        Read.Text(payload).ShouldStartWith("Subject: plan\r\n\r\n");
    }

    // RFC 9788 section 10.3: a line end inside would end the display too early.
    [Fact]
    public void Encoded_line_ends_and_controls_are_left_out()
    {
        var payload = Encrypt(Read.Message("Subject: =?utf-8?Q?a=0D=0A=0D=0Ab=00c=E2=80=A8d?=\r\n  e\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nx"));

        Read.Text(payload).ShouldBe("Subject: a b c d e\r\n\r\nx");
    }

    [Fact]
    public void A_display_longer_than_a_line_is_encoded()
    {
        var subject = string.Concat(Enumerable.Repeat("long ", 300)).TrimEnd();
        var payload = Encrypt(Read.Message($"Subject: {subject.Replace("long long", "long\r\n long", StringComparison.Ordinal)}\r\n\r\nx\r\n"));

        payload.TransferEncoding.ShouldBe("quoted-printable");
        Read.Text(payload).ShouldBe($"Subject: {subject}\r\n\r\nx\r\n");
    }

    [Fact]
    public void A_byte_order_mark_stays_in_front()
    {
        var payload = Encrypt(Read.Message("Subject: plan\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\u00EF\u00BB\u00BFx"));

        Encoding.Latin1.GetString(payload.Body.Span).ShouldBe("\u00EF\u00BB\u00BFSubject: plan\r\n\r\nx");
    }

    private static Entity Nested(string? charset, string? encoding, string body, string subject)
    {
        var type = charset is null ? string.Empty : $"Content-Type: text/plain; charset={charset}\r\n";
        var label = encoding is null ? string.Empty : $"Content-Transfer-Encoding: {encoding}\r\n";
        var words = Convert.ToBase64String(Encoding.UTF8.GetBytes(subject));
        return Read.Message($"Subject: =?utf-8?B?{words}?=\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n{type}{label}\r\n{body}\r\n--m--\r\n");
    }

    private static Entity Encrypt(Entity message) =>
        Read.Message(HeaderProtection.ForEncrypted(ContentSplit.Split(message), legacyDisplay: true).Content.ToArray());
}
