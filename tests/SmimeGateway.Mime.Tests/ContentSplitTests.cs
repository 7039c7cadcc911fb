using System.Buffers;
using System.Text;
using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Mime.Tests.Corpus;

namespace SmimeGateway.Mime.Tests;

public sealed class ContentSplitTests
{
    [Fact]
    public void Content_fields_move_inside_and_the_others_stay_in_order()
    {
        var split = ContentSplit.Split(Read.Message(
            "Received: x\r\n y\r\nMIME-Version: 1.0\r\ncontent-type: text/plain\r\nFrom: a@b\r\nContent-Disposition: inline\r\nContent-Length: 6\r\n\r\nbody\r\n"));

        split.OuterFields.Select(field => field.Name).ShouldBe(["Received", "From"]);
        Latin(split.Content).ShouldBe("content-type: text/plain\r\nContent-Disposition: inline\r\n\r\nbody\r\n");
    }

    [Theory]
    [InlineData("ascii", "us-ascii")]
    [InlineData("gr\u00C3\u00BCn", "utf-8")]
    [InlineData("gr\u00FCn", "unknown-8bit")]
    public void A_message_without_a_type_gets_one_that_is_true(string body, string charset)
    {
        var split = ContentSplit.Split(Read.Message("From: a@b\r\n\r\n" + body));

        Latin(split.Content).ShouldBe($"Content-Type: text/plain; charset={charset}\r\n\r\n{body}");
    }

    [Fact]
    public void The_line_of_a_mailbox_file_is_in_neither_half_and_a_line_that_is_no_field_is_text()
    {
        var split = ContentSplit.Split(Read.Message("From a@b Mon\r\nSubject: x\r\nstray\r\nContent-Type: text/html\r\n\r\nbody"));

        split.OuterFields.Single().Name.ShouldBe("Subject");
        Latin(split.Content).ShouldBe("Content-Type: text/plain; charset=us-ascii\r\n\r\nstray\r\nContent-Type: text/html\r\n\r\nbody");
    }

    [Fact]
    public void A_header_that_breaks_off_still_becomes_whole_lines()
    {
        var split = ContentSplit.Split(Read.Message("Subject: x\r\nContent-Type: text/plain"));

        Latin(split.Content).ShouldBe("Content-Type: text/plain\r\n\r\n");
    }

    [Theory]
    [InlineData("Bcc: hidden@example.com\r\n")]
    [InlineData("bcc:hidden@example.com,\r\n hidden2@example.com\r\n")]
    [InlineData("BCC : hidden@example.com\r\n")]
    [InlineData("Resent-Bcc: hidden@example.com\r\n")]
    [InlineData("Bcc:\r\nBcc: hidden@example.com\r\n")]
    public void Blind_recipients_are_in_neither_half(string fields)
    {
        var split = ContentSplit.Split(Read.Message("From: a@b\r\n" + fields + "Subject: x\r\n\r\nbody"));

        split.OuterFields.Select(field => field.Name).ShouldBe(["From", "Subject"]);
        Latin(split.Content).ShouldNotContain("hidden");
    }

    [Theory]
    [InlineData("\r\nbody")]
    [InlineData("Bcc: hidden@example.com\r\nContent-Type: text/plain\r\n\r\nbody")]
    [InlineData("MIME-Version: 1.0 (odd)\r\n\r\nbody")]
    public void A_message_without_other_fields_stays_one_of_MIME(string message)
    {
        var split = ContentSplit.Split(Read.Message(message));

        split.OuterFields.Single().ToString().ShouldBe("MIME-Version: 1.0");
        split.WithOuterFields([]).OuterFields.Single().ToString().ShouldBe("MIME-Version: 1.0");
        Latin(new ReadOnlySequence<byte>(MultipartSigned.Compose(split.OuterFields, split.Content, "sha-256", [1])))
            .ShouldStartWith("MIME-Version: 1.0\r\nContent-Type: multipart/signed;");
    }

    private static string Latin(ReadOnlySequence<byte> bytes) => Encoding.Latin1.GetString(bytes.ToArray());
}
