namespace SmimeGateway.Mime.Tests;

public sealed class MailDateTests
{
    [Theory]
    [InlineData("Fri, 20 Nov 2026 13:00:00 +0100", "2026-11-20T12:00:00")]
    [InlineData("20 Nov 2026 12:00 +0000", "2026-11-20T12:00:00")]
    [InlineData("Fri,20 Nov 2026 07:00:00 EST", "2026-11-20T12:00:00")]
    [InlineData("Fri, 20 Nov 2026 (the (nested) day) 12:00:00 GMT (noon)", "2026-11-20T12:00:00")]
    [InlineData("Fri, 20 Nov 26 12:00:00 UT", "2026-11-20T12:00:00")]
    [InlineData("Sat, 20 Nov 99 12:00:00 Z", "1999-11-20T12:00:00")]
    [InlineData("Tue, 20 Nov 126 12:00:00 -0000", "2026-11-20T12:00:00")]
    [InlineData(" Fri , 20  NOV  2026  12 : 00 : 60 +0000", "2026-11-20T12:00:59")]
    public void A_moment_is_read_in_every_form_of_the_standard(string body, string moment)
    {
        MailDate.TryRead(body, out var read).ShouldBeTrue();

        read.UtcDateTime.ToString("s", System.Globalization.CultureInfo.InvariantCulture).ShouldBe(moment);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("Fri, 31 Feb 2026 12:00:00 +0000")]
    [InlineData("Fri, 20 Now 2026 12:00:00 +0000")]
    [InlineData("Fri, 20 Nov 2026 25:00:00 +0000")]
    [InlineData("Fri, 20 Nov 2026 12:00:00 +9900")]
    [InlineData("Fri, 20 Nov 0000 12:00:00 +0000")]
    [InlineData("(Fri, 20 Nov 2026 12:00:00 +0000")]
    public void What_names_no_moment_is_not_read(string body) => MailDate.TryRead(body, out _).ShouldBeFalse();
}
