using System.Text;
using SmimeGateway.Deciding;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;

namespace SmimeGateway.Tests.Authors;

/// <summary>What was judged of the author of a message, and the message with another content.</summary>
public sealed class OtherFormTests
{
    private const string Header = "From: Anna <anna@example.com>\r\nTo: bert@partner.example\r\n";
    private const string Inner = "\r\n--b\r\n\r\ntext\r\n--b--\r\n";

    [Theory]
    [InlineData(Header + "\r\nother text\r\n", true)]
    [InlineData(Header + "Content-Type: multipart/mixed; boundary=b\r\n" + Inner, true)]
    [InlineData(Header + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: ceo@example.com\r\n\r\n--b--\r\n", true)]
    [InlineData("From: Anna <dora@example.com>\r\n\r\ntext\r\n", false)]
    [InlineData("From: anna@example.com, dora@example.com\r\n\r\ntext\r\n", false)]
    [InlineData(Header + "From: dora@example.com\r\n\r\ntext\r\n", false)]
    [InlineData(Header + "Sender: ceo@elsewhere.example\r\n\r\ntext\r\n", false)]
    [InlineData(Header + "x\r\nFrom : dora@example.com\r\n\r\ntext\r\n", false)]
    [InlineData(Header + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nFrom: ceo@elsewhere.example\r\n\r\ntext\r\n--b--\r\n", false)]
    [InlineData(Header + "Content-Type: message/rfc822\r\nContent-Type: text/plain\r\n\r\nFrom: ceo@elsewhere.example\r\n\r\ntext\r\n", false)]
    [InlineData(Header + "Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIB\r\n", false)]
    [InlineData(Header + "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nStatus: 5.0.0\r\n--b--\r\n", false)]
    [InlineData("To: bert@partner.example\r\n\r\ntext\r\n", false)]
    public void It_holds_for_both_where_nobody_reads_another_author_in_the_other_one(string mail, bool holds)
    {
        MailPath.TryParse("anna@example.com", out var path).ShouldBeTrue();
        var authorship = Authorship.Read(path!, Parse(Header + "\r\ntext\r\n"));

        authorship.HoldsFor(Parse(mail), author => author.Domain == "example.com").ShouldBe(holds);
    }

    private static Entity Parse(string mail)
    {
        Entity.TryParse(Encoding.ASCII.GetBytes(mail), MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        return entity!;
    }
}
