using System.Buffers;
using System.Text;
using SmimeGateway.Mime.Hardening;
using SmimeGateway.Mime.Tests.Corpus;
using SmimeGateway.Mime.Tests.Hardening;

namespace SmimeGateway.Mime.Tests;

public sealed class TransitHardeningTests
{
    [Fact]
    public void A_content_that_needs_nothing_keeps_every_byte_without_a_copy_of_its_body()
    {
        var message = Read.Message("From: a@b\r\nContent-Type: text/plain\r\n\r\nhello\r\nworld\r\n");

        var part = Harden(message);

        Text(part).ShouldBe("Content-Type: text/plain\r\n\r\nhello\r\nworld\r\n");
        var last = default(ReadOnlyMemory<byte>);
        foreach (var piece in part)
        {
            last = piece;
        }

        last.Span.Overlaps(message.Raw.Span).ShouldBeTrue();
    }

    [Fact]
    public void An_8_bit_text_becomes_quoted_printable_and_keeps_its_type()
    {
        var part = Harden("Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\ngr\u00FCn\r\n");

        Text(part).ShouldBe(
            "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\ngr=FCn\r\n");
    }

    [Fact]
    public void Blanks_behind_the_last_delimiter_are_dropped()
    {
        const string multipart = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n";

        Text(Harden(multipart + " \r\n\t \r\n  ")).ShouldBe(multipart + "\r\n\r\n");
    }

    [Fact]
    public void A_field_that_is_there_twice_in_the_same_words_says_one_thing()
    {
        var part = Harden("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\nContent-Transfer-Encoding: 8bit\r\n\r\ngr\u00C3\u00BCn\r\n");

        Text(part).ShouldBe("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\ngr=C3=BCn\r\n");
    }

    [Fact]
    public void A_text_of_mostly_8_bit_octets_becomes_base64()
    {
        var part = Harden("Content-Type: text/plain; charset=koi8-r\r\n\r\n" + new string('\u00C1', 300));

        Reread(part).TransferEncoding.ShouldBe("base64");
        Reread(part).DecodeBody().ShouldBe(Enumerable.Repeat((byte)0xC1, 300));
    }

    [Fact]
    public void Octets_that_are_no_text_become_base64()
    {
        var part = Harden("Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\na\0b\rc\nd\u00FF");

        Reread(part).TransferEncoding.ShouldBe("base64");
        Latin(Reread(part).DecodeBody()).ShouldBe("a\0b\rc\nd\u00FF");
    }

    [Theory]
    [InlineData("ends in a blank \r\nnext\r\n")]
    [InlineData("ends in a tab\t\r\n")]
    [InlineData("ends without a line end but with a blank ")]
    [InlineData("From here on\r\n")]
    [InlineData("\r\nFrom me\r\n.\r\n..\r\n")]
    [InlineData("a lone\rreturn and a lone\nfeed\r\n")]
    [InlineData("a \0 nul\r\n")]
    [InlineData("8-bit \u00E4 labelled 7bit, no line end")]
    public void A_text_that_relays_would_change_survives_and_decodes_to_itself(string body)
    {
        var part = Harden("Content-Type: text/plain\r\nContent-Transfer-Encoding: 7bit\r\n\r\n" + body);

        TransitRules.Violations(part).ShouldBeEmpty();
        Latin(Reread(part).DecodeBody()).ShouldBe(body);
    }

    [Theory]
    [InlineData(998, "7bit")]
    [InlineData(999, "quoted-printable")]
    [InlineData(5000, "quoted-printable")]
    public void A_line_is_left_alone_up_to_998_octets(int length, string encoding)
    {
        var part = Harden("Content-Type: text/plain\r\n\r\n" + new string('x', length) + "\r\n");

        Reread(part).TransferEncoding.ShouldBe(encoding);
        Text(part).Split("\r\n").Max(line => line.Length).ShouldBeLessThanOrEqualTo(encoding == "7bit" ? 998 : 76);
    }

    [Fact]
    public void Base64_in_one_long_line_is_laid_out_anew()
    {
        var octets = Enumerable.Range(0, 3001).Select(i => (byte)i).ToArray();
        var part = Harden(
            "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + Convert.ToBase64String(octets) + "\r\n");

        TransitRules.Violations(part).ShouldBeEmpty();
        Text(part).Split("\r\n").Max(line => line.Length).ShouldBe(76);
        Reread(part).DecodeBody().ShouldBe(octets);
    }

    [Fact]
    public void Only_the_leaf_that_needs_it_is_changed_and_the_multipart_is_relabelled()
    {
        const string clean = "--b\r\nContent-Type: text/html\r\n\r\n<p>clean</p>\r\n--b\r\n";
        var part = Harden(
            "Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 8bit\r\n\r\npreamble\r\n"
            + clean + "Content-Type: text/plain\r\n\r\n\u00E4\r\n--b--\r\n");

        Text(part).ShouldBe(
            "Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 7bit\r\n\r\npreamble\r\n"
            + clean + "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E4\r\n--b--\r\n");
    }

    [Fact]
    public void A_label_of_8bit_over_7_bit_text_is_corrected_at_every_depth()
    {
        var part = Harden(
            "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
            + "--b\r\ncontent-transfer-encoding: 8BIT\r\n\r\nascii\r\n--b--\r\n--a--\r\n");

        TransitRules.Violations(part).ShouldBeEmpty();
        Text(part).ShouldContain("--b\r\nContent-Transfer-Encoding: 7bit\r\n\r\nascii\r\n--b--\r\n--a--\r\n");
    }

    [Fact]
    public void A_message_inside_is_hardened_inside_and_never_encoded_itself()
    {
        var part = Harden(
            "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            + "From: J\u00C3\u00B6rg <j@example.com>\r\nSubject: gr\u00C3\u00BCn  \u00C3\u00BCber blau \u00C3\u00A4 \r\nTo: a@example.com \r\n \r\n\r\n\u00E4 \r\n");

        TransitRules.Violations(part).ShouldBeEmpty();
        Reread(part).TransferEncoding.ShouldBe("7bit");
        var inside = Read.Parts(Reread(part)).Single();
        inside.Header.Find("Subject")!.Text.ShouldBe("gr\u00FCn  \u00FCber blau \u00E4");
        AddressList.TryParse(inside.Header.Find("From")!.Body, out var from).ShouldBeTrue();
        from.Single().ShouldBe(new Mailbox("J\u00F6rg", "j", "example.com"));
        inside.Header.Find("To")!.Body.ShouldBe("a@example.com");
        Latin(inside.DecodeBody()).ShouldBe("\u00E4 \r\n");
    }

    [Fact]
    public void A_name_that_is_not_ascii_becomes_an_encoded_parameter()
    {
        var part = Harden(
            "Content-Type: application/pdf; name=\"gr\u00C3\u00BCn.pdf\"\r\nContent-Transfer-Encoding: base64\r\n"
            + "Content-Disposition: attachment; filename=\"gr\u00C3\u00BCn.pdf\"; size=3\r\n\r\nAAAA\r\n");

        TransitRules.Violations(part).ShouldBeEmpty();
        Text(part).ShouldContain("filename*=utf-8''gr%C3%BCn.pdf;\r\n size=3\r\n");
        Reread(part).FileName.ShouldBe("gr\u00FCn.pdf");
        Reread(part).ContentType.Parameter("name").ShouldBe("gr\u00FCn.pdf");
    }

    [Fact]
    public void A_field_that_is_too_long_is_folded_and_means_the_same()
    {
        var name = string.Concat(Enumerable.Repeat("abcdefghi ", 120)).Trim() + ".txt";
        var part = Harden(
            $"Content-Type: text/plain; name=\"{name}\"; charset=us-ascii\r\nContent-Description: {new string('d', 2000)} end\r\n\r\nx\r\n");

        TransitRules.Violations(part).ShouldBeEmpty();
        Reread(part).ContentType.Parameter("name").ShouldBe(name);
        Reread(part).ContentType.Parameter("charset").ShouldBe("us-ascii");
        Reread(part).Header.Find("Content-Description")!.Text.ShouldBe(new string('d', 2000) + " end");
    }

    [Fact]
    public void Blanks_at_the_ends_of_field_lines_go_and_nothing_else()
    {
        var part = Harden("Content-Type: text/plain; \r\n \t\r\n charset=utf-8\t\r\n\r\nx\r\n");

        Text(part).ShouldBe("Content-Type: text/plain;\r\n charset=utf-8\r\n\r\nx\r\n");
    }

    [Fact]
    public void Blanks_behind_a_delimiter_go()
    {
        var part = Harden("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b  \r\n\r\nx\r\n--b\t\r\n\r\ny\r\n--b-- \r\n");

        Text(part).ShouldBe("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--\r\n");
    }

    [Fact]
    public void A_leaf_whose_lines_look_like_delimiters_once_wrapped_stays_one_leaf()
    {
        var body = string.Join("--b", Enumerable.Repeat(new string('\u00E4', 3), 400)) + new string('-', 3000) + "b--";
        var part = Harden($"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{body}\r\n--b--\r\n");

        Latin(Read.Parts(Reread(part)).Single().DecodeBody()).ShouldBe(body);
    }

    [Fact]
    public void Nesting_beyond_the_limit_is_a_fault_and_not_a_crash()
    {
        var deep = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n")) + "\u00E4";

        var isHard = TransitHardening.TryHarden(ContentSplit.Split(Read.Message(deep)), MimeLimits.Standard, out _, out var fault);

        isHard.ShouldBeFalse();
        fault!.Reason.ShouldBe("entities are nested more than 50 deep");
    }

    [Fact]
    public void What_stands_behind_the_padding_of_base64_stays_for_those_who_read_on()
    {
        var part = Harden("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n__\r\nListe f\u00FCr alle \r\n");

        Text(part).ShouldEndWith("\r\n\r\naGVsbG8=Listefralle\r\n");
    }

    [Fact]
    public void Quoted_printable_keeps_its_escapes_and_line_breaks_where_one_line_is_repaired()
    {
        var part = Harden(
            "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: Quoted-Printable\r\n\r\n"
            + "=0D=0A=c3=a4 \u00E4\r\nFrom soft =\r\nnext=20\r\n" + new string('x', 1000) + "=3D=\r\n");

        TransitRules.Violations(part).ShouldBeEmpty();
        Text(part).ShouldContain("Quoted-Printable\r\n\r\n=0D=0A=C3=A4 =E4\r\n=46rom soft =\r\nnext=20\r\n" + new string('x', 75) + "=\r\n");
        Latin(Reread(part).DecodeBody()).ShouldBe("\r\n\u00C3\u00A4 \u00E4\r\nFrom soft next \r\n" + new string('x', 1000) + "=");
    }

    [Theory]
    [InlineData("application/edifact")]
    [InlineData("application/json")]
    [InlineData("image/svg+xml")]
    [InlineData("text/plain; charset=utf-16", "\0\r\0\n")]
    [InlineData("text/plain", "a lone\rreturn")]
    public void Line_ends_of_what_is_no_text_in_lines_are_octets_and_are_encoded(string type, string body = "UNA:+.? '\r\nUNB ends in a blank \r\n")
    {
        var part = Harden($"Content-Type: {type}\r\n\r\n{body}");

        Reread(part).TransferEncoding.ShouldBe("base64");
        Latin(Reread(part).DecodeBody()).ShouldBe(body);
    }

    [Theory]
    [InlineData("message/delivery-status", "Reporting-MTA: dns; a \r\n\r\nFinal-Recipient: rfc822; b\r\n\tc\t\r\n", "Reporting-MTA: dns; a\r\n\r\nFinal-Recipient: rfc822; b\r\n\tc\r\n")]
    [InlineData("message/disposition-notification", "Reporting-UA: x; y \r\n", "Reporting-UA: x; y\r\n")]
    [InlineData("message/feedback-report", "Version: 1\t\r\n", "Version: 1\r\n")]
    [InlineData("text/rfc822-headers", "Subject: \r\n", "Subject:\r\n")]
    public void A_report_is_trimmed_and_stays_readable_without_decoding(string type, string report, string trimmed)
    {
        var part = Harden($"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: {type}\r\n\r\n{report}\r\n--b--\r\n");

        Text(part).ShouldEndWith($"--b\r\nContent-Type: {type}\r\n\r\n{trimmed}\r\n--b--\r\n");
    }

    [Fact]
    public void A_From_line_in_a_message_inside_is_encoded_and_not_marked()
    {
        var part = Harden("Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nFrom here on\r\n");

        Text(part).ShouldBe("Content-Type: message/rfc822\r\n\r\nSubject: x\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=46rom here on\r\n");
    }

    [Fact]
    public void What_somebody_signed_already_keeps_every_byte_while_its_neighbours_are_hardened()
    {
        const string Signed =
            "Content-Type: multipart/signed; boundary=s; protocol=\"application/pkcs7-signature\"; micalg=sha-256\r\n\r\n"
            + "--s\r\nContent-Type: text/plain\r\n\r\nplain\r\n--s\r\nContent-Type: application/pkcs7-signature\r\n\r\nAAAA\r\n--s--\r\n";
        const string Mixed =
            "Content-Type: multipart/mixed; boundary=m\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
            + "--m\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\ngr\u00FCn\r\n--m\r\nContent-Type: message/rfc822\r\n\r\nSubject: forwarded\r\n"
            + Signed + "\r\n--m--\r\n";

        Text(Harden(Signed)).ShouldBe(Signed);
        var hardened = Text(Harden(Mixed));
        hardened.ShouldContain(Signed);
        hardened.ShouldContain("gr=FCn");
        hardened.ShouldContain("Content-Transfer-Encoding: 7bit");
    }

    private static ReadOnlySequence<byte> Harden(string message) => Harden(Read.Message(message));

    private static ReadOnlySequence<byte> Harden(Entity message)
    {
        TransitHardening.TryHarden(ContentSplit.Split(message), MimeLimits.Standard, out var part, out var fault).ShouldBeTrue(fault?.Reason);
        return part;
    }

    private static Entity Reread(ReadOnlySequence<byte> part) => Read.Message(part.ToArray());

    private static string Text(ReadOnlySequence<byte> part) => Latin(part.ToArray());

    private static string Latin(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
