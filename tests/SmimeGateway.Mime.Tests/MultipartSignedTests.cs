using System.Buffers;
using System.Text;
using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Mime.Tests.Corpus;

namespace SmimeGateway.Mime.Tests;

public sealed class MultipartSignedTests
{
    [Fact]
    public void A_composed_message_has_the_form_of_the_standard()
    {
        var split = ContentSplit.Split(Read.Message("Subject: x\r\nContent-Type: text/plain\r\n\r\nbody\r\n"));

        var text = Encoding.ASCII.GetString(MultipartSigned.Compose(split.OuterFields, split.Content, "sha-256", new byte[50]));

        var boundary = Read.Message(text).ContentType.Parameter("boundary");
        text.ShouldBe(
            $"""
            Subject: x
            MIME-Version: 1.0
            Content-Type: multipart/signed; protocol="application/pkcs7-signature";
             micalg=sha-256; boundary="{boundary}"

            --{boundary}
            Content-Type: text/plain

            body

            --{boundary}
            Content-Type: application/pkcs7-signature; name="smime.p7s"
            Content-Transfer-Encoding: base64
            Content-Disposition: attachment; filename="smime.p7s"

            AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
            AAA=

            --{boundary}--

            """.ReplaceLineEndings("\r\n"));
    }

    [Theory]
    [InlineData("Content-Type: text/plain\r\n\r\nno line end")]
    [InlineData("Content-Type: text/plain\r\n\r\n")]
    [InlineData("Content-Type: text/plain\r\n\r\nthree line ends\r\n\r\n\r\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--")]
    public void The_signed_part_comes_back_byte_for_byte(string part)
    {
        var octets = new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(part));

        var message = Read.Message(MultipartSigned.Compose([], octets, "sha-512", [9, 8, 7]));

        ProtectionRecognizer.Recognize(message).ShouldBe(ExistingProtection.ClearSigned);
        MultipartSigned.TryRead(message, out var signedPart, out var signature, out _).ShouldBeTrue();
        Encoding.ASCII.GetString(signedPart.Span).ShouldBe(part);
        signature.ShouldBe([9, 8, 7]);
    }

    [Theory]
    [InlineData("From: a@example.com\r\n", "7bit")]
    [InlineData("From: j\u00F6rg@m\u00FCller.example\r\n", "8bit")]
    public void The_message_declares_addresses_that_are_not_ascii_in_its_protected_header(string field, string label)
    {
        var octets = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(field + "Content-Type: text/plain; hp=clear\r\n\r\nx"));

        Read.Message(MultipartSigned.Compose([], octets, "sha-512", [1])).TransferEncoding.ShouldBe(label);
    }

    [Theory]
    [InlineData("text/plain", "the message is not a multipart/signed")]
    [InlineData("multipart/signed; boundary=b", "the multipart/signed has 3 parts where it must have two")]
    [InlineData("multipart/signed; boundary=c", "the multipart/signed has 0 parts where it must have two")]
    public void What_is_no_pair_of_part_and_signature_is_a_fault(string contentType, string reason)
    {
        var message = Read.Message($"Content-Type: {contentType}\r\n\r\n--b\r\n\r\n1\r\n--b\r\n\r\n2\r\n--b\r\n\r\n3\r\n--b--\r\n");

        MultipartSigned.TryRead(message, out _, out _, out var fault).ShouldBeFalse();

        fault!.Reason.ShouldBe(reason);
    }
}
