using System.Buffers;
using System.Text;
using SmimeGateway.Mime.Hardening;
using SmimeGateway.Mime.Tests.Corpus;

namespace SmimeGateway.Mime.Tests;

public sealed class OpaqueInsteadTests
{
    private const string Part = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n";

    // In each of them "#" stands for what does not survive transit; without it, the same thing is left alone.
    [Theory]
    [InlineData("Content-Type: text/plain\r\nContent-Transfer-Encoding: unheard-of\r\n\r\n#", "transfer encoding")]
    [InlineData("Content-Type: text/plain\r\nContent-Transfer-Encoding: 8-bit\r\n\r\n#", "transfer encoding")]
    [InlineData("Content-Type: image/gif\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a.gif\r\n#0V%T\r\n`\r\nend\r\n", "transfer encoding")]
    [InlineData("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64 (so they say)\r\n\r\nAAAA#", "transfer encoding")]
    [InlineData("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA#", "transfer encoding")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: base64\r\n\r\n--b\r\n\r\n#\r\n--b--\r\n", "transfer encoding")]
    [InlineData("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAAA#", "base64")]
    [InlineData("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nAA=A#", "base64")]
    [InlineData("Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nno escape =zz#", "quoted-printable")]
    [InlineData("Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nsoft==\r\n#", "quoted-printable")]
    [InlineData("Content-Type: message/delivery-status\r\n\r\nDiagnostic-Code: x; #\r\n", "message/delivery-status")]
    [InlineData("Content-Type: message/global-delivery-status\r\n\r\nDiagnostic-Code: x; #\r\n", "message/global-delivery-status")]
    [InlineData("Content-Type: message/partial; id=x; number=1\r\n\r\n#\r\n", "message/partial")]
    [InlineData("Content-Type: message/external-body; access-type=URL\r\n\r\nContent-Type: text/plain\r\n\r\n#\r\n", "message/external-body")]
    [InlineData("Content-Type: message/unheard-of\r\n\r\n#\r\n", "message/unheard-of")]
    [InlineData("Content-Type: text/rfc822-headers\r\n\r\nSubject: #\r\n", "text/rfc822-headers")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\r\n\r\nno part at all #\r\n", "without parts")]
    [InlineData("Content-Type: multipart/mixed\r\n\r\n#\r\n", "boundary")]
    [InlineData("Content-Type: multipart/mixed; boundary=b (comment)\r\n\r\n--b\r\n\r\n#\r\n--b--\r\n", "boundary")]
    [InlineData("Content-Type: multipart/mixed; boundary=b; boundary=c\r\n\r\n--b\r\n\r\n#\r\n--b--\r\n", "boundary")]
    [InlineData("Content-Type: multipart/mixed boundary=b\r\n\r\n--b\r\n\r\n#\r\n--b--\r\n", "content type")]
    [InlineData("Content-Type: text\r\n\r\n#\r\n", "content type")]
    [InlineData(Part + "\r\n#\r\n--b not everybody's\r\n\r\nx\r\n--b--\r\n", "delimiter")]
    [InlineData(Part + "\r\nx\r\n--b\r\n\r\n#", "no end")]
    [InlineData(Part + "\r\nx\r\n--b--\r\nSent by a list#\r\n", "behind its last part")]
    [InlineData("Content-Type: multipart/mixed; boundary=b x=y\r\n\r\n--b\r\n\r\n#\r\n--b--\r\n", "boundary")]
    [InlineData(Part + "\r\nx\r\n--b--\r\n \r\n.#\r\n", "behind its last part")]
    [InlineData("Content-Transfer-Encoding: 8bit\r\nContent-Transfer-Encoding: 7bit\r\n\r\n#\r\n", "two fields")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\r\n\r\n#\r\n--b\r\n\r\nx\r\n--b--\r\n", "before its first part")]
    [InlineData(Part + "no field here #\r\n\r\nx\r\n--b--\r\n", "empty line")]
    [InlineData(Part + "Content-Type : text/plain\r\n\r\n#\r\n--b--\r\n", "no field")]
    [InlineData(Part + "Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\n#\r\n--b--\r\n", "two fields")]
    [InlineData(Part + "Content-Disposition: attachment; filename=a b #\r\n\r\nx\r\n--b--\r\n", "Content-Disposition")]
    [InlineData(Part + "Content-Disposition: attachment; filename=\"#\"; filename*=utf-8''y\r\n\r\nx\r\n--b--\r\n", "Content-Disposition")]
    [InlineData(Part + "Content-ID: <#>\r\n\r\nx\r\n--b--\r\n", "Content-ID")]
    [InlineData("Content-Type: message/rfc822\r\n\r\nFrom: j#@example.com\r\n\r\nx\r\n", "From")]
    [InlineData("Content-Type: message/rfc822\r\n\r\nFrom: j@example.com (J#)\r\n\r\nx\r\n", "From")]
    [InlineData("Content-Type: message/rfc822\r\n\r\nTo: Group #: a@example.com;\r\n\r\nx\r\n", "To")]
    [InlineData("Content-Type: message/rfc822\r\n\r\nMessage-ID: <#@example.com>\r\n\r\nx\r\n", "Message-ID")]
    [InlineData("Content-Type: message/rfc822\r\n\r\n#From a@example.com Mon Jan 1 2024\r\nSubject: x\r\n\r\nx\r\n", "no field", "")]
    [InlineData("Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n#\r\n--b\r\n\r\nAAAA\r\n--b--\r\n", "signed already")]
    [InlineData(Part + "Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\n\r\n#\r\n--s\r\n\r\nAAAA\r\n--s--\r\n--b--\r\n", "signed already")]
    [InlineData(Part + "Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\nContent-Transfer-Encoding: #\r\n\r\nx\r\n--s\r\n\r\nAAAA\r\n--s--\r\n--b--\r\n", "signed already", "8bit")]
    public void What_cannot_take_another_form_without_another_meaning_is_left_for_an_opaque_signature(string message, string reason, string fragile = "\u00C3\u00BC")
    {
        var isHard = TransitHardening.TryHarden(Split(message, fragile), MimeLimits.Standard, out var part, out var fault);

        isHard.ShouldBeFalse();
        part.IsEmpty.ShouldBeTrue();
        fault!.AllowsOpaque.ShouldBeTrue();
        fault.Reason.ShouldContain(reason);
    }

    [Theory]
    [InlineData("Content-Type: text/plain\r\nContent-Transfer-Encoding: unheard-of\r\n\r\nx")]
    [InlineData("Content-Type: image/gif\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a.gif\r\n#0V%T\r\n`\r\nend\r\n")]
    [InlineData("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=b (comment); boundary=c\r\n\r\n--b x\r\nno field\r\nContent-Type : text/plain\r\n\r\nx\r\n")]
    [InlineData("Content-Type: text/plain (comment)\r\n\r\nContent-Transfer-Encoding: 8bit\r\nbinary (not really)\r\n")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain (comment)\r\n\r\na --b-- in a text\r\n")]
    [InlineData("Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nContent-Transfer-Encoding: 8bit\r\n--b\r\n\r\nAAAA\r\n--b--\r\n")]
    public void What_survives_keeps_every_octet_however_strange_it_is(string message)
    {
        TransitHardening.TryHarden(Split(message), MimeLimits.Standard, out var part, out _).ShouldBeTrue();

        Encoding.Latin1.GetString(part.ToArray()).ShouldBe(message);
    }

    [Fact]
    public void A_limit_that_is_exceeded_is_no_reason_for_another_form()
    {
        var deep = string.Concat(Enumerable.Range(0, 100).Select(i => $"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n")) + "\u00E4";

        TransitHardening.TryHarden(Split(deep), MimeLimits.Standard, out _, out var fault).ShouldBeFalse();

        fault!.AllowsOpaque.ShouldBeFalse();
    }

    private static SplitMessage Split(string message, string fragile = "#") =>
        ContentSplit.Split(Read.Message(message.Replace("#", fragile, StringComparison.Ordinal)));
}
