using System.Text;
using SmimeGateway.Mime.Tests.Corpus;

namespace SmimeGateway.Mime.Tests;

public sealed class EntityTests
{
    [Fact]
    public void Header_and_body_are_slices_of_what_came()
    {
        var message = Read.Message("Subject: x\r\n folded\r\nFrom: a@b\r\n\r\nbody");

        message.Header.Count.ShouldBe(2);
        Latin(message.Header[0].Raw).ShouldBe("Subject: x\r\n folded\r\n");
        Latin(message.Header.Raw).ShouldBe("Subject: x\r\n folded\r\nFrom: a@b\r\n");
        Latin(message.Body).ShouldBe("body");
    }

    [Fact]
    public void An_entity_without_fields_has_the_defaults()
    {
        var message = Read.Message("\r\nbody\r\n");

        message.Header.ShouldBeEmpty();
        message.ContentType.MediaType.ShouldBe("text/plain");
        message.ContentType.Parameter("charset").ShouldBe("us-ascii");
        message.TransferEncoding.ShouldBe("7bit");
        message.FileName.ShouldBeNull();
    }

    [Fact]
    public void A_message_of_no_octets_is_empty_and_no_error()
    {
        var message = Read.Message("");

        message.Header.ShouldBeEmpty();
        message.Body.IsEmpty.ShouldBeTrue();
        Read.Parts(message).ShouldBeEmpty();
    }

    [Fact]
    public void Parts_preamble_and_epilogue_are_told_apart_without_the_line_ends_of_delimiters()
    {
        var message = Read.Message(
            "Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\npre\r\n--b\r\n\r\none\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n--b--\r\nepi\r\n");

        Latin(message.Preamble).ShouldBe("pre");
        Latin(message.Epilogue).ShouldBe("epi\r\n");
        Read.Parts(message).Select(part => Latin(part.Raw)).ShouldBe(["\r\none\r\n", "Content-Type: text/html\r\n"]);
    }

    [Fact]
    public void A_longer_boundary_that_begins_with_a_shorter_one_belongs_to_another_multipart()
    {
        var message = Read.Message(
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n--b1\r\n\r\nx\r\n--b1--\r\n--b--\r\n");

        var inner = Read.Parts(message).Single();
        Latin(Read.Parts(inner).Single().Body).ShouldBe("x");
    }

    [Fact]
    public void A_part_of_a_digest_is_a_message_unless_it_says_otherwise()
    {
        var message = Read.Message("Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nSubject: inside\r\n\r\nx\r\n--b--\r\n");

        var part = Read.Parts(message).Single();
        part.IsMessage.ShouldBeTrue();
        Read.Parts(part).Single().Header.Find("subject")!.Body.ShouldBe("inside");
    }

    [Theory]
    [InlineData("Content-Disposition: attachment; filename=\"a b.txt\"", "a b.txt")]
    [InlineData("Content-Disposition: attachment; filename*=iso-8859-1'de'gr%FCn.txt", "gr\u00FCn.txt")]
    [InlineData("Content-Disposition: attachment; filename*0=\"long\"; filename*1=\"er.txt\"", "longer.txt")]
    [InlineData("Content-Disposition: attachment; filename*0*=utf-8''%C3; filename*1*=%A4.txt", "\u00E4.txt")]
    [InlineData("Content-Disposition: attachment; filename=\"=?utf-8?Q?gr=C3=BCn?=\"", "gr\u00FCn")]
    [InlineData("Content-Type: application/pdf; name=x.pdf", "x.pdf")]
    public void The_file_name_is_found_however_it_is_encoded(string field, string expected)
    {
        Read.Message(field + "\r\n\r\n").FileName.ShouldBe(expected);
    }

    [Fact]
    public void Too_many_header_fields_are_a_fault()
    {
        var many = string.Concat(Enumerable.Repeat("A: b\r\n", 30));

        Entity.TryParse(Encoding.ASCII.GetBytes(many), new MimeLimits(MaxHeaderFields: 20), out _, out var fault).ShouldBeFalse();

        fault.ShouldBe(new MimeFault("the header section has more than 20 fields", 120) { Limit = nameof(MimeLimits.MaxHeaderFields) });
    }

    [Fact]
    public void A_header_beyond_its_size_limit_is_a_fault()
    {
        var large = "A: " + new string('x', 500) + "\r\n\r\n";

        Entity.TryParse(Encoding.ASCII.GetBytes(large), new MimeLimits(MaxHeaderBytes: 100), out _, out var fault).ShouldBeFalse();

        fault!.Reason.ShouldBe("the header section has more than 100 octets");
    }

    [Fact]
    public void Too_many_parts_are_a_fault()
    {
        var many = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + string.Concat(Enumerable.Repeat("--b\r\n\r\nx\r\n", 30));
        Entity.TryParse(Encoding.ASCII.GetBytes(many), new MimeLimits(MaxParts: 10), out var message, out _).ShouldBeTrue();

        message!.TryGetParts(out _, out var fault).ShouldBeFalse();

        fault!.Reason.ShouldBe("the message has more than 10 entities");
    }

    [Fact]
    public void A_message_of_very_many_fields_in_very_many_parts_is_a_fault()
    {
        var part = "--b\r\n" + string.Concat(Enumerable.Repeat("a:\r\n", 9)) + "\r\n\r\n";
        var many = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + string.Concat(Enumerable.Repeat(part, 100));
        Entity.TryParse(Encoding.ASCII.GetBytes(many), new MimeLimits(MaxHeaderFields: 10), out var message, out _).ShouldBeTrue();

        message!.TryGetParts(out _, out var fault).ShouldBeFalse();

        fault!.Reason.ShouldBe("the message has more than 500 header fields in all");
    }

    [Theory]
    [InlineData("Subject: x\r\n", "no field\r\nTo: a@b\r\n\r\nbody")]
    [InlineData("Subject: x\r\n\t\r\n", "Dear Sir,\r\nplease: pay\r\n")]
    [InlineData("Subject: x\r\n", ": no name\r\nTo: a@b\r\n\r\nbody")]
    [InlineData("Subject: x\r\n", "8bit \u00E4: none\r\n")]
    [InlineData("Subject: x\r\n", "\u0001To: a@b\r\n")]
    [InlineData("Subject: x\r\n", "To\r\n : a@b\r\n")]
    [InlineData("Subject: x\r\n", "two words: x\r\n")]
    [InlineData("Subject: x\r\n", "From a@b Mon\r\nTo: a@b\r\n")]
    [InlineData("", " \r\nSubject: x\r\n\r\nbody")]
    [InlineData("", " Subject: x\r\n\r\nbody")]
    [InlineData("", "Hello\r\nWorld: x\r\n")]
    [InlineData("Subject: x", "")]
    public void A_body_begins_with_the_first_line_that_is_no_field_and_continues_none(string header, string body)
    {
        var message = Read.Message(header + body);

        Latin(message.Header.Raw).ShouldBe(header);
        Latin(message.Body).ShouldBe(body);
        message.HasSeparator.ShouldBeFalse();
    }

    [Theory]
    [InlineData("From a@b Mon Nov 23\r\n")]
    [InlineData(">From a@b Mon Nov 23\r\n")]
    public void The_line_that_a_mailbox_file_put_first_is_none_of_the_body(string line)
    {
        var message = Read.Message(line + "Subject: x\r\n\r\nbody");

        message.Header.Select(field => field.Name).ShouldBe(["", "Subject"]);
        Latin(message.Body).ShouldBe("body");
    }

    [Fact]
    public void A_part_that_begins_with_the_word_From_has_no_header()
    {
        var message = Read.Message("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nFrom the start\r\nwe knew: it\r\n--b--\r\n");

        message.TryGetParts(out var parts, out _).ShouldBeTrue();
        Latin(parts!.Single().Body).ShouldBe("From the start\r\nwe knew: it");
    }

    [Fact]
    public void A_line_of_the_body_counts_for_no_limit_on_headers()
    {
        var limits = new MimeLimits(MaxHeaderBytes: 100);

        Entity.TryParse(Encoding.ASCII.GetBytes("Subject: x\r\n" + new string('x', 200)), limits, out _, out _).ShouldBeTrue();
        Entity.TryParse(Encoding.ASCII.GetBytes("Subject: " + new string('x', 200)), limits, out _, out _).ShouldBeFalse();
    }

    private static string Latin(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);
}
