using System.Net;
using System.Security.Authentication;
using System.Text;
using SmimeGateway.Accepting;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;

namespace SmimeGateway.Tests.Accepting;

public sealed class ReceivedFieldTests
{
    private static readonly TlsFacts Tls13 = new(SslProtocols.Tls13, "TLS_AES_256_GCM_SHA384", null);
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(2));

    [Fact]
    public void The_field_says_from_whom_by_whom_and_when() =>
        Compose("client.example.com", "192.0.2.7", "bob@example.net").ShouldBe(
            "Received: from client.example.com ([192.0.2.7])\r\n\tby gateway.example.com with ESMTP id S1\r\n\tfor <bob@example.net>;\r\n"
            + "\tWed, 04 Mar 2026 03:06:07 +0000\r\n");

    [Fact]
    public void Several_recipients_are_not_named() =>
        Compose("c", "192.0.2.7", "bob@example.net", "blind@example.net").ShouldBe(
            "Received: from c ([192.0.2.7])\r\n\tby gateway.example.com with ESMTP id S1;\r\n\tWed, 04 Mar 2026 03:06:07 +0000\r\n");

    [Theory]
    [InlineData("2001:db8::1", "([IPv6:2001:db8::1])")]
    [InlineData("fe80::1%3", "([IPv6:fe80::1])")]
    public void An_IPv6_client_is_a_literal(string client, string literal) => Compose("c", client, "b@example.net").ShouldContain(literal);

    [Theory]
    [InlineData(false, false, "with SMTP id")]
    [InlineData(true, false, "with ESMTP id")]
    [InlineData(true, true, "with UTF8SMTP id")]
    public void The_protocol_is_named_after_what_was_used(bool isExtended, bool smtpUtf8, string expected)
    {
        var session = Session("c", "192.0.2.7") with { IsExtended = isExtended };

        Text(session, Envelope("b@example.net") with { SmtpUtf8 = smtpUtf8 }).ShouldContain(expected);
    }

    [Theory]
    [InlineData(true, false, false, "with ESMTPS id")]
    [InlineData(false, true, false, "with ESMTPA id")]
    [InlineData(true, true, false, "with ESMTPSA id")]
    [InlineData(true, true, true, "with UTF8SMTPSA id")]
    public void TLS_and_a_login_show_in_the_protocol_and_the_user_does_not(bool isSecured, bool isLoggedIn, bool smtpUtf8, string expected)
    {
        var session = Session("c", "192.0.2.7") with { User = isLoggedIn ? "alice" : null, Tls = isSecured ? Tls13 : null };

        var text = Text(session, Envelope("b@example.net") with { SmtpUtf8 = smtpUtf8 });

        text.ShouldContain(expected);
        text.ShouldNotContain("alice");
    }

    [Fact]
    public void The_version_of_TLS_and_its_cipher_are_named() =>
        Text(Session("c", "192.0.2.7") with { Tls = Tls13 }, Envelope("b@example.net"))
            .ShouldStartWith("Received: from c ([192.0.2.7])\r\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384)\r\n\tby gateway.example.com with ESMTPS id S1\r\n");

    [Theory]
    [InlineData("evil (comment")]
    [InlineData("evil; Thu, 1 Jan 1970 00:00:00 +0000")]
    [InlineData("evil\r\nBcc: x@example.com")]
    [InlineData("evil\" <x>\\")]
    [InlineData("evil\0\u0085\u2028")]
    [InlineData("[127.0.0.1]) by gateway.example.com (")]
    [InlineData("")]
    [InlineData(null)]
    public void No_name_a_client_gives_itself_can_write_into_the_header(string? heloName)
    {
        var field = Encoding.UTF8.GetBytes(Text(Session(heloName, "192.0.2.7"), Envelope("bob@example.net")) + "\r\n");

        Entity.TryParse(field, MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        var received = entity.Header.ShouldHaveSingleItem();
        received.Body.ShouldMatch(@"^from [A-Za-z0-9.:\[\]?_-]+ \(\[192\.0\.2\.7\]\)\s+by gateway\.example\.com with ESMTP id S1\s+for <bob@example\.net>;\s+Wed, 04 Mar 2026 03:06:07 \+0000$");
        Encoding.UTF8.GetString(field).Split("\r\n").ShouldAllBe(line => line.Length < 998 && !line.Contains('\n', StringComparison.Ordinal));
    }

    private static string Compose(string heloName, string client, params string[] recipients) =>
        Text(Session(heloName, client), Envelope(recipients));

    private static string Text(SmtpSessionIdentity session, Envelope envelope) =>
        Encoding.UTF8.GetString(ReceivedField.Compose(session, envelope, "gateway.example.com", Now).Span);

    private static SmtpSessionIdentity Session(string? heloName, string client) =>
        new("S1", "internal", new IPEndPoint(IPAddress.Parse(client), 40000)) { HeloName = heloName, IsExtended = true };

    private static Envelope Envelope(params string[] recipients) => new(MailPath.Null, [.. recipients.Select(Recipient)]);

    private static EnvelopeRecipient Recipient(string address) =>
        MailPath.TryParse(address, out var path) ? new EnvelopeRecipient(path) : throw new ArgumentException(address);
}
