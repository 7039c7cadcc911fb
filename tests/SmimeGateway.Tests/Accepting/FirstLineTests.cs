using System.Text;
using SmimeGateway.Accepting;

namespace SmimeGateway.Tests.Accepting;

public sealed class FirstLineTests
{
    private const string Ours = "Received: from x\r\n\tby y; now\r\n";

    [Theory]
    [InlineData("Subject: x\r\n\r\nbody")]
    [InlineData("\r\nbody")]
    [InlineData("")]
    [InlineData("From: a@b\r\n")]
    [InlineData("From : a@b\r\n")]
    [InlineData("From\t: a@b\r\n")]
    [InlineData("From nobody", "X-Mailbox-Line: From nobody")]
    [InlineData("From a@b Mon\r\nSubject: x\r\n", "X-Mailbox-Line: From a@b Mon\r\nSubject: x\r\n")]
    [InlineData("From a@b Mon\r\n>From c@d Tue\r\nSubject: x\r\n", "X-Mailbox-Line: From a@b Mon\r\nX-Mailbox-Line: >From c@d Tue\r\nSubject: x\r\n")]
    [InlineData(">>From : x\r\n", "X-Mailbox-Line: >>From : x\r\n")]
    [InlineData(" text\r\nSubject: x\r\n", "\r\n text\r\nSubject: x\r\n")]
    [InlineData("\t\r\nSubject: x\r\n", "\r\n\t\r\nSubject: x\r\n")]
    [InlineData("From a@b\r\n text\r\n", "X-Mailbox-Line: From a@b\r\n\r\n text\r\n")]
    public void What_means_something_only_at_the_very_top_means_it_behind_our_own_field(string sent, string? fitting = null)
    {
        var message = Encoding.ASCII.GetBytes(Ours + sent);

        var fit = FirstLine.Fit(message, Ours.Length);

        Encoding.ASCII.GetString(fit.Span).ShouldBe(Ours + (fitting ?? sent));
        fit.Equals(message).ShouldBe(fitting is null);
    }
}
