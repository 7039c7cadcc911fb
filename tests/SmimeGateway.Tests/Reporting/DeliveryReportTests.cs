using System.Runtime.CompilerServices;
using System.Text;
using SmimeGateway.Queueing;
using SmimeGateway.Reporting;
using SmimeGateway.Smtp;
using SmimeGateway.Tests.Relaying;

namespace SmimeGateway.Tests.Reporting;

public sealed class DeliveryReportTests
{
    private static readonly DateTimeOffset Now = SomeQueued.Accepted.AddMinutes(2);

    [Fact]
    public Task A_refused_recipient() => ShouldBeAsync("refused", Report(
        Failed("bob@example.net", 5, 1, 1, "550 5.1.1 <bob@example.net>: Recipient address rejected: User unknown in local recipient table", "mx1.example.net")));

    [Fact]
    public Task Several_recipients_with_and_without_a_server_that_answered() => ShouldBeAsync("several", Report(
        Failed("bob@example.net", 5, 3, 4, "552 5.3.4 Message size exceeds fixed limit", "mx1.example.net"),
        Failed("\"carol smith\"@example.net", 5, 6, 7, "The recipient's address holds UTF-8, and the next hop does not offer SMTPUTF8.", "mx1.example.net"),
        Failed("dave@example.org", 5, 4, 4, "No route is configured for this recipient.", null)));

    [Fact]
    public Task Time_that_ran_out() => ShouldBeAsync("timeout", new DeliveryReport("gateway.example.com").Compose(
        Message("alice@example.com", "Subject: hello\r\n\r\nBody.\r\n"),
        [Failed("bob@example.net", 4, 4, 1, "Connecting to 192.0.2.1:25 failed: Connection refused.", "mx1.example.net")],
        SomeQueued.Accepted.AddDays(5)));

    [Fact]
    public Task Utf8_addresses_and_header() => ShouldBeAsync("utf8", new DeliveryReport("gateway.example.com").Compose(
        Message("jürgen@example.com", "From: Jürgen <jürgen@example.com>\r\nSubject: Grüße = mehr\r\n\r\nBody.\r\n"),
        [Failed("dömi@exämple.net", 5, 1, 1, "550 5.1.1 Empfänger unbekannt", "mx1.example.net")],
        Now));

    [Fact]
    public void Nothing_a_server_says_adds_a_line_or_a_part()
    {
        var message = Message("alice@example.com", "Subject: hello\r\n\r\nBody.\r\n");
        var evil = "550 x\r\nAction: delivered\r\n\r\n--=_Q1\r\nContent-Type: text/html\u2028\u0085\n\0\u001b[31m";
        var report = Encoding.UTF8.GetString(new DeliveryReport("gateway.example.com").Compose(
            message, [Failed("bob@example.net", 5, 1, 1, evil, "mx\r\nX: y")], Now));

        report.Split("\r\n").ShouldNotContain(line => line.StartsWith("Action: delivered", StringComparison.Ordinal));
        report.Split("\r\n").Count(line => line.StartsWith("Content-Type:", StringComparison.Ordinal)).ShouldBe(4);
        report.ShouldNotContain("\u001b");
        report.Replace("\r\n", string.Empty, StringComparison.Ordinal).ShouldNotContain("\n");
    }

    [Fact]
    public void The_content_is_never_quoted()
    {
        var report = Encoding.UTF8.GetString(new DeliveryReport("gateway.example.com").Compose(
            Message("alice@example.com", "Subject: hello\r\n\r\nTop secret.\r\n\r\nMore.\r\n"),
            [Failed("bob@example.net", 5, 1, 1, "550 no", "mx1.example.net")], Now));

        report.ShouldContain("Subject: hello");
        report.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("\r\nBody.\r\n", "")]
    [InlineData("Subject: x\r\n\r\nBody.\r\n", "Subject: x\r\n")]
    [InlineData("Subject: x\r\nFrom: y\r\n", "Subject: x\r\nFrom: y\r\n")]
    [InlineData("no line end", "")]
    public void The_header_ends_at_the_first_empty_line(string message, string header) =>
        QuotedHeader.Of(Encoding.ASCII.GetBytes(message)).ShouldBe(header);

    [Fact]
    public void A_gigantic_header_is_cut_behind_a_line()
    {
        var field = "X-Long: " + new string('x', 500) + "\r\n";

        var header = QuotedHeader.Of(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(field, 10_000)) + "\r\nBody."));

        header.Length.ShouldBeLessThanOrEqualTo(64 * 1024);
        header.ShouldEndWith("x\r\n");
    }

    [Fact]
    public void A_message_that_knows_the_boundary_does_not_end_the_report()
    {
        var message = Message("alice@example.com", "Subject: hello\r\n\r\n");
        var boundary = $"=_{message.Id}.{Now.UtcTicks:X}";
        var hostile = message with { Content = Encoding.ASCII.GetBytes($"X: y\r\n--{boundary}--\r\nZ: w\r\n\r\n") };

        var report = Encoding.UTF8.GetString(new DeliveryReport("gateway.example.com").Compose(
            hostile, [Failed("bob@example.net", 5, 1, 1, "550 no", "mx1.example.net")], Now));

        report.ShouldContain($"boundary=\"{boundary}_\"");
    }

    private static byte[] Report(params RecipientProgress[] failed) => new DeliveryReport("gateway.example.com").Compose(
        Message("alice@example.com", "From: alice@example.com\r\nTo: bob@example.net\r\nSubject: A long\r\n folded subject\r\n\r\nBody.\r\n"), failed, Now);

    private static QueuedMessage Message(string sender, string content) =>
        SomeQueued.From(sender, "bob@example.net") with { Id = new QueueId("0Q1W2E3R4T5Y"), Content = Encoding.UTF8.GetBytes(content) };

    private static RecipientProgress Failed(string recipient, int @class, int subject, int detail, string diagnostic, string? remoteMta) => new(
        new EnvelopeRecipient(SomeQueued.Path(recipient)),
        new DeliveryStatus(DeliveryAction.Failed, new EnhancedStatus(@class, subject, detail), diagnostic, remoteMta));

    private static async Task ShouldBeAsync(string name, byte[] report, [CallerFilePath] string here = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(here)!, "Golden", $"{name}.eml");
        if (Environment.GetEnvironmentVariable("SMIMEGATEWAY_REWRITE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, report);
        }

        Encoding.UTF8.GetString(report).ShouldBe(await File.ReadAllTextAsync(file, Encoding.UTF8));
    }
}
