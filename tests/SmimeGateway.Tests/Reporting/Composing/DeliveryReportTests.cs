using System.Text;
using SmimeGateway.Protecting;
using SmimeGateway.Queueing;
using SmimeGateway.Reporting;
using SmimeGateway.Reporting.Composing;
using SmimeGateway.Smtp;
using static SmimeGateway.Tests.Reporting.Composing.SomeReport;

namespace SmimeGateway.Tests.Reporting.Composing;

/// <summary>What a report holds of what strangers sent, and what it never holds.</summary>
public sealed class DeliveryReportTests
{
    private const string Evil = "550 x\r\nAction: delivered\r\n\r\n--=_Q1\r\nContent-Type: text/html\u2028\u0085\n\0\u001b[31m";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_a_stranger_says_adds_a_line_or_a_part(bool isUtf8)
    {
        var message = Message();
        message = message with { Envelope = message.Envelope with { EnvelopeId = Hostile(Evil), SmtpUtf8 = isUtf8 } };

        var report = Compose(
            message,
            Recipient("bob@example.net", DeliveryAction.Failed, "5.1.1", Evil, "mx\r\nX: y", original: "rfc822;" + Hostile(Evil)),
            Recipient("carol@example.net", DeliveryAction.Failed, "5.1.1", "550 no", original: @"utf-8;a\x{0D}\x{0A}Action: delivered\x{2028}"),
            Recipient("dave@example.net", DeliveryAction.Failed, "5.1.1", "550 no", original: "a\r\nX: y;b"));

        var lines = report.Split("\r\n");
        lines.ShouldNotContain(line => line.StartsWith("Action: delivered", StringComparison.Ordinal));
        lines.ShouldNotContain(line => line.StartsWith("X: y", StringComparison.Ordinal));
        lines.Count(line => line.StartsWith("Content-Type:", StringComparison.Ordinal)).ShouldBe(4);
        lines.Count(line => line.StartsWith("Action: failed", StringComparison.Ordinal)).ShouldBe(3);
        report.ShouldNotContain("\u001b");
        report.ShouldNotContain("\u2028");
        report.Replace("\r\n", string.Empty, StringComparison.Ordinal).ShouldNotContain("\n");
    }

    [Fact]
    public void Lines_stay_within_the_limit_whatever_is_reported()
    {
        var domain = string.Join('.', Enumerable.Repeat("ü-example-example", 10));
        var address = new string('ö', 120) + "@" + domain;
        var message = Message("\"" + new string('ü', 120) + "\"@" + domain);
        message = message with { Envelope = message.Envelope with { EnvelopeId = new string('e', 5000) } };

        var report = Compose(
            message,
            Recipient(address, DeliveryAction.Failed, "5.1.1", "550 " + new string('x', 5000), original: "rfc822;" + new string('o', 5000)),
            Recipient(address, DeliveryAction.Failed, "5.1.1", "550 " + new string(' ', 2000) + "x", original: "rfc822;" + new string('+', 5000)));

        report.Split("\r\n").Max(line => line.Length).ShouldBeLessThanOrEqualTo(998);
        report.Split("\r\n").ShouldNotContain(line => line.Length > 0 && string.IsNullOrWhiteSpace(line), "a blank line may end the fields");
    }

    [Theory]
    [InlineData(ReturnedContent.Unspecified, false)]
    [InlineData(ReturnedContent.Headers, false)]
    [InlineData(ReturnedContent.Full, true)]
    public void Only_the_header_is_returned_unless_all_was_asked_for(ReturnedContent wanted, bool isWhole)
    {
        var report = Compose(Asking(wanted), Failed());

        report.ShouldContain("Subject: A long");
        report.Contains("The body.", StringComparison.Ordinal).ShouldBe(isWhole);
    }

    [Theory]
    [InlineData(Protection.ClearSigned)]
    [InlineData(Protection.OpaqueSigned)]
    [InlineData(Protection.PassedUnsigned)]
    [InlineData(Protection.OwnReport)]
    [InlineData(null)]
    public void Content_that_was_or_should_have_been_protected_is_never_returned(Protection? protection)
    {
        var report = Compose(Asking(ReturnedContent.Full) with { Protection = protection }, Failed());

        report.ShouldContain("Subject: A long");
        report.ShouldNotContain("The body.");
        report.ShouldNotContain("message/rfc822");
    }

    [Theory]
    [InlineData("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m")]
    [InlineData("Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m")]
    [InlineData("Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b")]
    [InlineData("Content-Type: message/rfc822\r\n\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data")]
    [InlineData("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data")]
    public void Content_that_its_author_protected_is_never_returned(string fields)
    {
        var report = Compose(Asking(ReturnedContent.Full, $"Subject: x\r\n{fields}\r\n\r\nMIIsecret\r\n"), Failed());

        report.ShouldNotContain("MIIsecret");
    }

    [Theory]
    [InlineData("Grüße\r\n")]
    [InlineData("nul \0\r\n")]
    public void Content_that_cannot_travel_as_it_is_is_not_returned(string body)
    {
        var report = Compose(Asking(ReturnedContent.Full, "Subject: x\r\n\r\nBody\r\n" + body), Failed());

        report.ShouldNotContain("Body");
        report.ShouldContain("text/rfc822-headers");
    }

    [Fact]
    public void A_large_message_is_not_returned()
    {
        var line = new string('x', 70) + "\r\n";

        Write(ReportKind.Refused, Asking(ReturnedContent.Full, "Subject: x\r\n\r\n" + string.Concat(Enumerable.Repeat(line, 5000))), Failed())
            .Length.ShouldBeLessThan(4096);
    }

    [Theory]
    [InlineData(nameof(ReportKind.Delayed))]
    [InlineData(nameof(ReportKind.Delivered))]
    [InlineData(nameof(ReportKind.Relayed))]
    public void What_is_no_failure_never_returns_the_content(string kind)
    {
        var report = Encoding.UTF8.GetString(Write(Enum.Parse<ReportKind>(kind), Asking(ReturnedContent.Full), Failed()));

        report.ShouldContain("Subject: A long");
        report.ShouldNotContain("The body.");
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("\r\nBody.\r\n", "")]
    [InlineData("Subject: x\r\n\r\nBody.\r\n", "Subject: x\r\n")]
    [InlineData("Subject: x\r\nFrom: y\r\n", "Subject: x\r\nFrom: y\r\n")]
    [InlineData("no line end", "")]
    [InlineData("Subject: x\r\nDear Sir,\r\nBody: y\r\n\r\nBody.\r\n", "Subject: x\r\n")]
    public void The_header_ends_where_the_body_begins(string message, string header) =>
        message[..QuotedHeader.LengthIn(Encoding.ASCII.GetBytes(message))].ShouldBe(header);

    [Fact]
    public void A_gigantic_header_is_cut_behind_a_line()
    {
        var field = "X-Long: " + new string('x', 500) + "\r\n";
        var message = string.Concat(Enumerable.Repeat(field, 10_000)) + "\r\nBody.";

        var length = QuotedHeader.LengthIn(Encoding.ASCII.GetBytes(message));

        length.ShouldBeInRange(60 * 1024, 64 * 1024);
        message[..length].ShouldEndWith("x\r\n");
    }

    [Fact]
    public void A_message_that_knows_the_boundary_does_not_end_the_report()
    {
        var boundary = $"=_0Q1W2E3R4T5Y.{Now.UtcTicks:X}.0.0";

        var report = Compose(Message(content: $"X: y\r\n --{boundary}--\r\nZ: w\r\n\r\n"), Failed());

        report.ShouldContain($"boundary=\"{boundary}_\"");
    }

    [Fact]
    public void Reports_of_different_kinds_about_one_attempt_have_names_of_their_own()
    {
        var names = Enum.GetValues<ReportKind>()
            .Select(kind => Encoding.UTF8.GetString(Write(kind, Message(), Failed())).Split("\r\n").Single(line => line.StartsWith("Message-ID", StringComparison.Ordinal)));

        names.Distinct().Count().ShouldBe(Enum.GetValues<ReportKind>().Length);
    }

    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("a+20b+2B", "a b+")]
    [InlineData("a+2", "a+2")]
    [InlineData("a+ZZ+", "a+ZZ+")]
    [InlineData("+0D+0A", "+0D+0A")]
    public void Xtext_is_decoded(string encoded, string decoded) => Xtext.Decode(encoded).ShouldBe(decoded);

    [Theory]
    [InlineData(@"utf-8;d\x{F6}mi@example.net", false, @"utf-8; d\x{F6}mi@example.net")]
    [InlineData(@"UTF-8;d\x{F6}mi@example.net", true, "utf-8; dömi@example.net")]
    [InlineData("utf-8;dömi@example.net", false, @"utf-8; d\x{F6}mi@example.net")]
    [InlineData(@"utf-8;a\x{110000}b\x{}c\x{20}d\x{5C}", true, @"utf-8; a\x{110000}b\x{}c d\")]
    [InlineData("x400;/c+3Dus/s+3Dbob+20x", false, "x400; /c=us/s=bob x")]
    [InlineData("no type", false, "unknown; no type")]
    public void The_original_recipient_has_the_form_that_its_part_may_hold(string orcpt, bool isUtf8, string field) =>
        TypedAddress.OfOriginal(orcpt, isUtf8).ShouldBe(field);

    private static string Hostile(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(octet => $"+{octet:X2}"));

    private static QueuedMessage Asking(ReturnedContent wanted, string content = Mail)
    {
        var message = Message(content: content);
        return message with { Envelope = message.Envelope with { Return = wanted } };
    }
}
