using System.IO.Pipelines;
using System.Net.Security;
using System.Text;
using SmimeGateway.Smtp.Client;
using SmimeGateway.Smtp.Sasl;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests;

/// <summary>Our client talks to our server, as between two gateways: each was written from the RFC alone.</summary>
public sealed class BothHalvesTests
{
    private static readonly ScramCredentials Pencil = ScramCredentials.Create("pencil", ScramCredentials.MinIterations);
    private static readonly ClientTls Required = new(
        ClientTlsMode.Required,
        host => new SslClientAuthenticationOptions { TargetHost = host, RemoteCertificateValidationCallback = (_, certificate, _, _) => SomeTls.Is(certificate) },
        _ => null);

    private readonly List<ReceivedMessage> _messages = [];

    [Theory]
    [InlineData(ClientMechanism.Auto, "pencil", true)]
    [InlineData(ClientMechanism.ScramSha256, "pencil", true)]
    [InlineData(ClientMechanism.Plain, "pencil", true)]
    [InlineData(ClientMechanism.Login, "pencil", true)]
    [InlineData(ClientMechanism.Auto, "crayon", false)]
    [InlineData(ClientMechanism.ScramSha256, "crayon", false)]
    [InlineData(ClientMechanism.Plain, "crayon", false)]
    [InlineData(ClientMechanism.Login, "crayon", false)]
    public async Task They_agree_on_TLS_and_on_who_logs_in(ClientMechanism mechanism, string password, bool isIn)
    {
        var options = new SmtpClientOptions("client.example.com") { Tls = Required, Credentials = new ClientCredentials(mechanism, "erp", () => password, null) };

        var opening = await OpenAsync(options);

        opening.IsOpen.ShouldBe(isIn);
        if (opening.Session is { } session)
        {
            await SendAsync(session, SomeEnvelope(), "a: b\r\n\r\nc\r\n"u8.ToArray());
            await session.DisposeAsync();
            var received = _messages.ShouldHaveSingleItem().Session;
            (received.User, received.HeloName, received.Tls is not null).ShouldBe(("erp", "client.example.com", true));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whatever_the_message_it_arrives_as_it_is(bool usesChunking)
    {
        var random = new Random(3030);
        var opening = await OpenAsync(new SmtpClientOptions("client.example.com")
        {
            Tls = Required,
            UsesChunking = usesChunking,
            Credentials = new ClientCredentials(ClientMechanism.ScramSha256, "erp", () => "pencil", null),
        });
        await using var session = opening.Session.ShouldNotBeNull();
        string[] pieces = ["\r\n", "\r\n", ".", "..", "a", "text", new string('x', 900), "\r\n.\r\n", ".\r\nQUIT\r\n"];
        for (var round = 0; round < 200; round++)
        {
            var content = string.Concat(random.GetItems(pieces, random.Next(40)));
            if (content.Split("\r\n").Any(line => line.Length > 998))
            {
                continue;
            }

            _messages.Clear();
            await SendAsync(session, SomeEnvelope(), Encoding.ASCII.GetBytes(content));

            var expected = content.Length == 0 || content.EndsWith("\r\n", StringComparison.Ordinal) ? content : content + "\r\n";
            Encoding.ASCII.GetString(_messages.ShouldHaveSingleItem().Content.Span).ShouldBe(expected);
        }
    }

    [Fact]
    public async Task What_is_asked_for_in_reports_is_passed_on_unchanged()
    {
        var opening = await OpenAsync(new SmtpClientOptions("client.example.com") { Tls = Required, Credentials = new(ClientMechanism.Auto, "erp", () => "pencil", null) });
        await using var session = opening.Session.ShouldNotBeNull();
        var envelope = SomeEnvelope() with { Return = ReturnedContent.Headers, EnvelopeId = "QQ+2B1" };

        var outcome = await SendAsync(session, envelope, "a: b\r\n\r\n"u8.ToArray());

        outcome.Recipients.ShouldAllBe(status => status.IsReportedByNextHop);
        var received = _messages.ShouldHaveSingleItem().Envelope;
        (received.Return, received.EnvelopeId).ShouldBe((ReturnedContent.Headers, "QQ+2B1"));
        received.Recipients.ShouldBe(envelope.Recipients);
    }

    private static Envelope SomeEnvelope() => new(
        Path("alice@example.com"),
        [
            new EnvelopeRecipient(Path("bob@example.net")) { Notify = Notify.Success | Notify.Failure, OriginalRecipient = "rfc822;Bob+40example.net" },
            new EnvelopeRecipient(Path("carol@example.net")) { Notify = Notify.Never },
            new EnvelopeRecipient(Path("dave@example.net")) { OriginalRecipient = @"utf-8;d\x{E4}ve@example.net" },
        ]);

    private static MailPath Path(string text) => MailPath.TryParse(text, out var path) ? path : throw new ArgumentException(text, nameof(text));

    private static async Task<TransactionOutcome> SendAsync(SmtpClientSession session, Envelope envelope, byte[] content)
    {
        var outcome = await Eventually.EndsAsync(session.SendAsync(envelope, content, default).AsTask());
        outcome.Recipients.ShouldAllBe(status => status.Action == DeliveryAction.Delivered);
        return outcome;
    }

    private async Task<SessionOpening> OpenAsync(SmtpClientOptions options)
    {
        var toServer = new Pipe();
        var toClient = new Pipe();
        var server = SomeServer.Options with { Tls = SessionOffer.Required, Authentication = SessionOffer.Required };
        var policy = SomeServer.Collect(_messages) with
        {
            StartTls = SomeTls.ServeAsync,
            Authentication = new SmtpAuthentication { FindUser = name => new FoundUser(name == "erp" ? Pencil : null) },
        };
        _ = new SmtpServerSession(server, policy, SomeServer.Identity, TimeProvider.System).RunAsync(new Ends(toServer.Reader, toClient.Writer), default);
        return await Eventually.EndsAsync(SmtpClientSession.OpenAsync(
            new DuplexPipeStream(toClient.Reader, toServer.Writer), "gateway.example.com", options, TimeProvider.System, default));
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
