using System.Text;
using System.Text.Json;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Encryption;

/// <summary>
/// Hidden subjects and removed triggers, from SMTP to SMTP: OpenSSL opens what the gateway made, and Python's email package, which knows
/// nothing of RFC 9788, reads it as an older client does.
/// </summary>
public sealed class ProtectedHeadersTests(ProtectingGateway gateway) : IClassFixture<ProtectingGateway>
{
    private const string Secret = "crossing";
    private const string Open = "landing";

    private const string LegacyReader =
        """
        import email, email.policy, json, sys
        message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
        print(json.dumps({
            'fields': [name + ': ' + str(value) for name, value in message.items() if not name.lower().startswith('content-')],
            'hp': message.get_param('hp'), 'text': message.get_body(('plain',)).get_content(), 'html': message.get_body(('html',)).get_content(),
        }))
        """;

    public static TheoryData<string> Encrypting => [.. ProtectingGateway.EncryptedDomains];

    [Theory]
    [MemberData(nameof(Encrypting))]
    public async Task Only_the_recipient_reads_the_subject_and_nobody_the_trigger(string domain)
    {
        var received = await SendAsync("bob@" + domain, Secret);

        received.Field("Subject").ShouldBe("[...]");
        received.Field("Keywords").ShouldBeNull();
        received.Field("From").ShouldBe("Alice <alice@example.com>");
        var outside = Encoding.Latin1.GetString(received.Content);
        outside.ShouldNotContain(Secret);
        outside.ShouldNotContain("secure", Case.Insensitive);
        outside.ShouldNotContain("hidden");
        var read = await ReadAsync(await OpenAsync(domain, received.Content));
        read.Hp.ShouldBe("cipher");
        read.Fields.ShouldBe(
        [
            "MIME-Version: 1.0", "From: Alice <alice@example.com>", $"To: bob@{domain}", $"Subject: Gr\u00FC\u00DFe: the {Secret}", $"Keywords: {Secret}",
            "Message-ID: <plans@example.com>", "HP-Outer: From: Alice <alice@example.com>", $"HP-Outer: To: bob@{domain}", "HP-Outer: Subject: [...]",
            "HP-Outer: Message-ID: <plans@example.com>",
        ]);
        read.Text.ReplaceLineEndings("\n").ShouldBe($"Subject: Gr\u00FC\u00DFe: the {Secret}\nKeywords: {Secret}\n\nAt nine.\n");
        read.Html.ReplaceLineEndings("\n").ShouldBe(
            $"<body><div class=\"header-protection-legacy-display\">\n<pre>\nSubject: Gr&#xFC;&#xDF;e: the {Secret}\nKeywords: {Secret}\n</pre>\n</div><p>At nine.\n");
        gateway.Process.Log.ShouldNotContain(Secret);
        var search = await Tool.RunAsync("grep", ["-rlF", "--devices=skip", Secret, gateway.Process.Home.DataFolder]);
        search.ExitCode.ShouldBe(1, search.Text);
    }

    [Fact]
    public async Task A_signed_message_proves_its_header()
    {
        var received = await SendAsync("bob@signed.example", Open);

        received.Field("Subject").ShouldNotBe("[...]");
        var read = await ReadAsync(await gateway.VerifyAsync(received.Content));
        read.Hp.ShouldBe("clear");
        read.Fields.ShouldBe(
        [
            "MIME-Version: 1.0", "From: Alice <alice@example.com>", "To: bob@signed.example", $"Subject: Gr\u00FC\u00DFe: the {Open}", $"Keywords: {Open}",
            "Message-ID: <plans@example.com>",
        ]);
        read.Text.ReplaceLineEndings("\n").ShouldBe("At nine.\n");
    }

    private async Task<CollectedMessage> SendAsync(string recipient, string word)
    {
        var subject = Convert.ToBase64String(Encoding.UTF8.GetBytes($"Gr\u00FC\u00DFe: [Secure] the {word}"));
        var message = Lines.Crlf(
            $"From: Alice <alice@example.com>\nTo: {recipient}\nBcc: hidden@example.com\nSubject: =?utf-8?B?{subject}?=\nKeywords: {word}\nX-Secure: yes\n"
            + "Message-ID: <plans@example.com>\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n"
            + "--b\nContent-Type: text/plain; charset=us-ascii\n\nAt nine.\n\n--b\nContent-Type: text/html; charset=us-ascii\n\n<body><p>At nine.\n\n--b--\n");
        return await gateway.SendAsync(recipient, message);
    }

    private async Task<byte[]> OpenAsync(string domain, byte[] message)
    {
        var encrypted = domain == "triple.example" ? await gateway.VerifyAsync(message) : message;
        var decrypted = await gateway.DecryptAsync(domain, encrypted);
        return domain == "encrypted.example" ? decrypted : await gateway.VerifyAsync(decrypted);
    }

    private static async Task<LegacyView> ReadAsync(byte[] payload)
    {
        var run = await Tool.MustAsync("python3", ["-c", LegacyReader], payload);
        return JsonSerializer.Deserialize<LegacyView>(run.Output, JsonSerializerOptions.Web).ShouldNotBeNull();
    }

    private sealed record LegacyView(string[] Fields, string Hp, string Text, string Html);
}
