using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeGateway.Smtp;
using SmimeGateway.Smtp.Client;
using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Interop;

/// <summary>The SMTP client alone before a Postfix that insists on TLS: what it sends is understood, and arrives as it was.</summary>
public sealed class PostfixAsServerTests
{
    [PostfixFact]
    public async Task Chunks_under_tls_with_dsn_reach_a_postfix_and_leave_it_as_they_were()
    {
        using var folder = new TemporaryFolder();
        var certificate = TestPki.ForHost("127.0.0.1");
        await File.WriteAllTextAsync(folder["postfix.pem"], TestPki.MakeKeyPem(certificate) + TestPki.MakeCertificatePem([certificate, .. TestPki.Chain]));
        await using var sink = new CollectingNextHop();
        sink.Extensions = [.. sink.Extensions, "DSN", "CHUNKING"];
        await using var postfix = await PostfixInstance.StartAsync(
            sink.Port, settings: $"smtpd_tls_security_level = encrypt\nsmtpd_tls_chain_files = {folder["postfix.pem"]}");
        var lines = string.Concat(Enumerable.Range(0, 20_000).Select(i => $".{i}\r\n..\r\nGrüße, more than a megabyte of them, on line {i}\r\n"));
        var content = Encoding.UTF8.GetBytes($"From: alice@example.com\r\nTo: bob@example.net\r\nSubject: chunks\r\n\r\n{lines}");
        var envelope = new Envelope(PathOf("alice@example.com"), [new EnvelopeRecipient(PathOf("bob@example.net"))
        {
            Notify = Notify.Failure | Notify.Delay,
            OriginalRecipient = "rfc822;Robert+2BBob@example.net",
        }])
        {
            EnvelopeId = "id+2B1",
            Return = ReturnedContent.Headers,
        };

        await using var session = await OpenAsync(postfix.Port);
        var outcome = await session.SendAsync(envelope, content, default);

        outcome.Recipients.Single().Action.ShouldBe(DeliveryAction.Delivered, outcome.Recipients.Single().Diagnostic);
        outcome.Recipients.Single().IsReportedByNextHop.ShouldBeTrue();
        (session.Extensions.Chunking, session.Extensions.Dsn, session.Tls is not null).ShouldBe((true, true, true));
        var message = (await sink.ReceivesAsync(1))[0];
        message.Content.AsSpan().EndsWith(content.AsSpan(content.AsSpan().IndexOf("\r\n\r\n"u8))).ShouldBeTrue();
        string[] parameters = [.. message.MailCommand.Split(' '), .. message.RecipientCommands.Single().Split(' ')];
        new[] { "RET=HDRS", "ENVID=id+2B1", "ORCPT=rfc822;Robert+2BBob@example.net", "NOTIFY=FAILURE,DELAY" }.ShouldBeSubsetOf(parameters);
    }

    private static async Task<SmtpClientSession> OpenAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port);
        var tls = new ClientTls(
            ClientTlsMode.Required,
            host => new SslClientAuthenticationOptions
            {
                TargetHost = host,
                CertificateChainPolicy = new()
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { TestPki.Public(TestPki.Root) },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
            _ => null);
        var opening = await SmtpClientSession.OpenAsync(
            new NetworkStream(socket, ownsSocket: true), "127.0.0.1", new SmtpClientOptions("gateway.example.com") { Tls = tls }, TimeProvider.System, default);
        return opening.Session ?? throw new InvalidOperationException(opening.Trouble!.Diagnostic);
    }

    private static MailPath PathOf(string address) => MailPath.TryParse(address, out var path) ? path : throw new ArgumentException(address, nameof(address));
}
