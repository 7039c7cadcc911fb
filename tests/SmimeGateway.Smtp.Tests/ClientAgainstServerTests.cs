using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SmimeGateway.Smtp.Client;
using SmimeGateway.Smtp.Sasl;
using SmimeGateway.TestSupport;
using SomeMail = SmimeGateway.Smtp.Tests.Client.SomeMail;

namespace SmimeGateway.Smtp.Tests;

/// <summary>The two halves of the library before each other: what one says, the other understands.</summary>
public sealed class ClientAgainstServerTests : IDisposable
{
    private static readonly ScramCredentials Pencil = ScramCredentials.Create("pencil", ScramCredentials.MinIterations);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ClientAgainstServerTests() => _listener.Start();

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData(ClientMechanism.ScramSha256, "pencil", true)]
    [InlineData(ClientMechanism.Plain, "pencil", true)]
    [InlineData(ClientMechanism.Login, "pencil", true)]
    [InlineData(ClientMechanism.Auto, "pencil", true)]
    [InlineData(ClientMechanism.ScramSha256, "wrong", false)]
    [InlineData(ClientMechanism.Plain, "wrong", false)]
    [InlineData(ClientMechanism.Login, "wrong", false)]
    public async Task Every_mechanism_lets_in_who_knows_the_password_and_nobody_else(ClientMechanism mechanism, string password, bool isIn)
    {
        List<ReceivedMessage> messages = [];
        var serving = ServeAsync(isEncrypted: true, messages);

        var opening = await ConnectAsync(Client.SomeTls.Implicit, new ClientCredentials(mechanism, "gateway=1,2", () => password, null));

        opening.IsOpen.ShouldBe(isIn, opening.Trouble?.Diagnostic);
        if (opening.IsOpen)
        {
            await opening.Session.SendAsync(SomeMail.Envelope, SomeMail.Content, default);
            await opening.Session.QuitAsync(default);
        }
        else
        {
            opening.Trouble.Status.ToString().ShouldBe("4.7.8");
        }

        await Eventually.EndsAsync(serving);
        messages.Select(message => message.Session.User).ShouldBe(isIn ? ["gateway=1,2"] : []);
    }

    [Fact]
    public async Task Any_envelope_and_content_arrive_as_they_were_sent()
    {
        List<ReceivedMessage> messages = [];
        var serving = ServeAsync(isEncrypted: false, messages);
        var session = (await ConnectAsync(null, null)).Session!;
        var random = new Random(20260314);

        for (var round = 0; round < 100; round++)
        {
            var (envelope, content) = Make(random);
            var outcome = await session.SendAsync(envelope, content, default);

            outcome.Recipients.ShouldAllBe(status => status.Action == DeliveryAction.Delivered && status.IsReportedByNextHop);
            var received = messages[^1];
            received.Envelope.Recipients.ShouldBe(envelope.Recipients);
            (received.Envelope with { Recipients = [] }).ShouldBe(envelope with { Recipients = [] });
            received.Content.Span.SequenceEqual(content).ShouldBeTrue();
        }

        await session.QuitAsync(default);
        await Eventually.EndsAsync(serving);
    }

    private static (Envelope Envelope, byte[] Content) Make(Random random)
    {
        string[] recipients = [.. Enumerable.Range(0, random.Next(1, 6)).Select(i => random.Next(4) == 0 ? $"jürgen{i}@example.net" : $"r{i}+x=y@example.net")];
        var envelope = SomeMail.From(random.Next(3) == 0 ? string.Empty : "alice@example.com", recipients);
        string[] pieces = [".", "..\r\n", "\r\n.\r\n", "text\r\n", "Grüße\r\n", new string('x', random.Next(0, 70_000)) + "\r\n", "BDAT 1 LAST\r\n"];
        var body = string.Concat(Enumerable.Range(0, random.Next(0, 40)).Select(_ => pieces[random.Next(pieces.Length)]));
        var content = Encoding.UTF8.GetBytes($"Subject: x\r\n\r\n{body}\r\n");
        return (envelope with
        {
            SmtpUtf8 = recipients.Any(recipient => !recipient.All(char.IsAscii)),
            Body = content.All(octet => octet < 128) ? BodyType.SevenBit : BodyType.EightBitMime,
            Return = (ReturnedContent)random.Next(3),
            EnvelopeId = random.Next(2) == 0 ? null : "id+2B" + random.Next(),
            Recipients = [.. envelope.Recipients.Select(recipient => recipient with
            {
                Notify = random.Next(3) == 0 ? Notify.Never : (Notify)(random.Next(8) * 2),
                OriginalRecipient = random.Next(2) == 0 ? null : $"rfc822;Some+2BBody{random.Next()}@Example.NET",
            })],
        }, content);
    }

    private async Task<SessionOpening> ConnectAsync(ClientTls? tls, ClientCredentials? credentials)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync((IPEndPoint)_listener.LocalEndpoint);
        var options = new SmtpClientOptions("client.example.com") { Tls = tls, Credentials = credentials };
        return await Eventually.EndsAsync(
            SmtpClientSession.OpenAsync(new NetworkStream(socket, ownsSocket: true), "mx.example.net", options, TimeProvider.System, default));
    }

    private async Task ServeAsync(bool isEncrypted, List<ReceivedMessage> messages)
    {
        using var connection = await _listener.AcceptTcpClientAsync();
        connection.NoDelay = true;
        await using var stream = isEncrypted
            ? await Client.SomeTls.Server().SecureAsync(connection.GetStream(), default)
            : (Stream)connection.GetStream();
        var options = SomeServer.Options with { MaxMessageBytes = 10_000_000, MaxRecipients = 100, Authentication = isEncrypted ? SessionOffer.Required : default };
        var policy = SomeServer.Collect(messages) with
        {
            Authentication = new SmtpAuthentication { FindUser = user => new FoundUser(user == "gateway=1,2" ? Pencil : null) },
        };
        var identity = SomeServer.Identity with { Tls = isEncrypted ? new TlsFacts(default, "TLS_AES_256_GCM_SHA384", null) : null };
        var pipe = new StreamPipe(PipeReader.Create(stream), PipeWriter.Create(stream));
        await new SmtpServerSession(options, policy, identity, TimeProvider.System).RunAsync(pipe, default);
    }

    private sealed record StreamPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
