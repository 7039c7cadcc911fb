using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Ecosystem;

/// <summary>MailKit hands in mail by everything that its client knows.</summary>
public sealed class MailKitAsClientTests : IAsyncLifetime, IDisposable
{
    private const string Password = "correct-horse-battery";
    private readonly GatewayHome _home = new();
    private readonly CollectingNextHop _nextHop = new();
    private GatewayProcess? _gateway;

    public async Task InitializeAsync()
    {
        _nextHop.Extensions = [.. _nextHop.Extensions, "CHUNKING", "DSN"];
        TestPki.WritePem(_home.Folder + "/gateway.pem", TestServers.Server("gateway.example.com"), chain: TestPki.Chain);
        _home.Configure(
            Members.Join(
                "\"senders\": [{ \"address\": \"*@example.com\", \"users\": [\"erp\"] }]",
                Members.Relay(_nextHop.Port),
                "\"rules\": [{ \"name\": \"pass\", \"when\": { \"sender\": \"*\" }, \"pass\": true }]"),
            limits: "\"messageSize\": \"70MB\"",
            listener: ", \"tls\": { \"mode\": \"required\", \"certificate\": \"gateway.pem\" }, \"authentication\": { \"mode\": \"required\" }");
        var run = await Tool.RunAsync(
            Repository.GatewayExecutable, ["user", "add", "erp", "--config", _home.ConfigurationFile], Encoding.UTF8.GetBytes(Password + "\n"));
        run.ExitCode.ShouldBe(0, run.Text);
        _gateway = await GatewayProcess.StartAsync(_home);
    }

    public async Task DisposeAsync()
    {
        await (_gateway?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _nextHop.DisposeAsync();
        Dispose();
    }

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("LOGIN")]
    [InlineData("SCRAM-SHA-256")]
    public async Task It_logs_in_under_STARTTLS(string mechanism)
    {
        using var client = await OpenAsync();
        client.AuthenticationMechanisms.ShouldContain(mechanism);

        await client.AuthenticateAsync(Mechanism(mechanism, "erp", Password));
        await client.SendAsync(Mail());

        (await _nextHop.ReceivesAsync(1))[0].Field("Received")!.ShouldContain("with ESMTPSA id");
    }

    [Theory]
    [InlineData("PLAIN")]
    [InlineData("SCRAM-SHA-256")]
    public async Task A_wrong_password_is_told_so_and_no_mail_goes(string mechanism)
    {
        using var client = await OpenAsync();

        await Should.ThrowAsync<AuthenticationException>(client.AuthenticateAsync(Mechanism(mechanism, "erp", "wrong")));
        var refusal = await Should.ThrowAsync<Exception>(client.SendAsync(Mail()));

        (refusal is ServiceNotAuthenticatedException or SmtpCommandException).ShouldBeTrue(refusal.ToString());
        _nextHop.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_it_asks_of_DSN_reaches_the_next_hop()
    {
        using var client = await OpenAsync(new NotifyingClient());
        await client.AuthenticateAsync("erp", Password);

        await client.SendAsync(Mail());

        var message = (await _nextHop.ReceivesAsync(1))[0];
        message.MailCommand.ShouldContain(" ENVID=order-4711");
        message.RecipientCommands.Single().ShouldContain(" NOTIFY=SUCCESS,FAILURE");
        message.RecipientCommands.Single().ShouldContain(" ORCPT=rfc822;bob@example.net");
    }

    [Fact]
    public async Task Addresses_and_header_fields_in_UTF8_arrive_as_they_are()
    {
        using var client = await OpenAsync();
        await client.AuthenticateAsync("erp", Password);
        var mail = Mail();
        mail.To.Clear();
        mail.To.Add(new MailboxAddress("J\u00f6rg", "j\u00f6rg@b\u00fccher.example"));
        mail.Subject = "Gr\u00fc\u00dfe";
        var format = FormatOptions.Default.Clone();
        format.International = true;

        await client.SendAsync(format, mail);

        var message = (await _nextHop.ReceivesAsync(1))[0];
        message.MailCommand.ShouldContain(" SMTPUTF8");
        message.Recipients.Single().ShouldStartWith("j\u00f6rg@");
        message.Field("Subject").ShouldBe("Gr\u00fc\u00dfe");
    }

    [Fact]
    public async Task Its_commands_in_one_piece_bring_each_message_once_and_whole()
    {
        using var dialog = new SpokenDialog();
        using var client = await OpenAsync(new SmtpClient(dialog));
        await client.AuthenticateAsync("erp", Password);

        for (var number = 1; number <= 20; number++)
        {
            await client.SendAsync(Mail($"number {number}\r\n.\r\n..\r\nend"));
        }

        dialog.Sent.ShouldContain(piece => piece.Contains("MAIL FROM", StringComparison.Ordinal) && piece.Contains("RCPT TO", StringComparison.Ordinal), dialog.ToString());

        // It takes BDAT for BINARYMIME alone, which the gateway does not offer: S/MIME signs text in its canonical form.
        dialog.ToString().ShouldContain("CHUNKING");
        dialog.Sent.ShouldNotContain(piece => piece.StartsWith("BDAT ", StringComparison.Ordinal), dialog.ToString());
        var bodies = (await _nextHop.ReceivesAsync(20)).Select(message => Read(message.Content).TextBody!.ReplaceLineEndings("|").TrimEnd('|'));
        bodies.Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(1, 20).Select(number => $"number {number}|.|..|end").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Fifty_megabytes_arrive_unchanged()
    {
        var attachment = RandomNumberGenerator.GetBytes(37_000_000);
        using var client = await OpenAsync();
        await client.AuthenticateAsync("erp", Password);
        using var content = new MemoryStream(attachment);
        var mail = Mail();
        mail.Body = new Multipart("mixed") { mail.Body!, new MimePart("application", "octet-stream") { Content = new MimeContent(content), ContentTransferEncoding = ContentEncoding.Base64 } };

        await client.SendAsync(mail);

        var message = (await _nextHop.ReceivesAsync(1, TimeSpan.FromSeconds(120)))[0];
        message.Content.Length.ShouldBeGreaterThan(50_000_000);
        using var decoded = new MemoryStream();
        ((MimePart)((Multipart)Read(message.Content).Body!)[1]).Content!.DecodeTo(decoded);
        SHA256.HashData(decoded.ToArray()).ShouldBe(SHA256.HashData(attachment));
    }

    private static SaslMechanism Mechanism(string name, string user, string password) => name switch
    {
        "PLAIN" => new SaslMechanismPlain(user, password),
        "LOGIN" => new SaslMechanismLogin(user, password),
        _ => new SaslMechanismScramSha256(user, password),
    };

    private static MimeMessage Mail(string text = "the plan\r\n")
    {
        var mail = new MimeMessage { Subject = "Plans", Body = new TextPart("plain") { Text = text } };
        mail.From.Add(new MailboxAddress("Alice", "alice@example.com"));
        mail.To.Add(new MailboxAddress("Bob", "bob@example.net"));
        return mail;
    }

    private static MimeMessage Read(byte[] content)
    {
        using var stream = new MemoryStream(content);
        return MimeMessage.Load(stream);
    }

    private async Task<SmtpClient> OpenAsync(SmtpClient? client = null)
    {
        client ??= new SmtpClient();
        client.CheckCertificateRevocation = false;
        client.ServerCertificateValidationCallback = static (_, certificate, _, _) => ((X509Certificate2)certificate!).MatchesHostname("gateway.example.com");
        await client.ConnectAsync("127.0.0.1", _home.Port, SecureSocketOptions.StartTls);
        return client;
    }

    /// <summary>MailKit asks for reports by inheritance.</summary>
    private sealed class NotifyingClient : SmtpClient
    {
        protected override string GetEnvelopeId(MimeMessage message) => "order-4711";

        protected override DeliveryStatusNotification? GetDeliveryStatusNotifications(MimeMessage message, MailboxAddress mailbox) =>
            DeliveryStatusNotification.Success | DeliveryStatusNotification.Failure;
    }
}
