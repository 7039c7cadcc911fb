using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using SmimeGateway.Smtp;
using SmimeGateway.Smtp.Sasl;
using SmimeGateway.Smtp.Server.Commands;

namespace SmimeGateway.Fuzz;

public sealed class SmtpFuzz
{
    private const int Seed = 20260314;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(5);

    private static readonly TlsFacts Tls = new(default, "TLS_AES_128_GCM_SHA256", null);

    // One round of PBKDF2, for the fuzzer's own pace.
    private static readonly ScramCredentials User = new(1, new byte[16], new byte[32], new byte[32]);

    private static readonly byte[][] Sessions =
    [
        .. new[]
        {
            "EHLO a\r\nMAIL FROM:<alice@example.com> SIZE=10 BODY=8BITMIME\r\nRCPT TO:<bob@example.net>\r\nDATA\r\nA: b\r\n\r\n..c\r\n.\r\nQUIT\r\n",
            "HELO a\r\nMAIL FROM:<>\r\nRCPT TO:<\"b \\\" >\"@[IPv6:::1]>\r\nRCPT TO:<postmaster>\r\nDATA\r\n.\r\nRSET\r\nNOOP\r\nVRFY a\r\nHELP\r\n",
            "EHLO a\r\nMAIL FROM:<@a,@b:\u00fc@\u00fc.example> SMTPUTF8\r\nRCPT TO:<a@[192.0.2.1]>\r\nDATA\r\na\n.\nb\r.\rc\0\r\n.\r\nMAIL FROM:<x@y>\r\n",
            "EHLO a\r\nMAIL FROM:<a@b> RET=HDRS ENVID=a+2Bb AUTH=a+40b\r\nRCPT TO:<b@c> NOTIFY=SUCCESS,DELAY ORCPT=utf-8;b\\x{FC}+20@c\r\nBDAT 8\r\nA: b\r\n\r\nBDAT 5 LAST\r\n.\r\nc\r\nQUIT\r\n",
            "EHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<b@c>\r\nBDAT 3\r\na\r\nRSET\r\nBDAT 4\r\nNOOPMAIL FROM:<>\r\nRCPT TO:<b@c>\r\nBDAT 0 LAST\r\nBDAT 2 LAST\r\n\r\n",
            "EHLO a\r\nSTARTTLS\r\n",
            $"EHLO a\r\nAUTH SCRAM-SHA-256 {Base64("n,,n=user,r=abc")}\r\n{Base64("c=biws,r=abc,p=AAAA")}\r\nAUTH SCRAM-SHA-256\r\n{Base64("y,a=a=2Cb,n=a=2Cb,r=x,e=1")}\r\n*\r\nMAIL FROM:<>\r\n",
            $"EHLO a\r\nAUTH PLAIN {Base64("\0user\0pencil")}\r\nAUTH LOGIN\r\n{Base64("user")}\r\n{Base64("pencil")}\r\nAUTH PLAIN =\r\nMAIL FROM:<a@b> AUTH=<>\r\nRCPT TO:<b@c>\r\nBDAT 1 LAST\r\nx",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public async Task No_octets_break_a_session_or_bring_a_faulty_message_through()
    {
        var random = new Random(Seed);
        var began = Stopwatch.GetTimestamp();
        var rounds = 0;
        for (; rounds < 100_000 && Stopwatch.GetElapsedTime(began) < Budget; rounds++)
        {
            var octets = SmtpMutation.Apply(Sessions[random.Next(Sessions.Length)], random);

            var replies = await TalkAsync(octets, random);

            replies.ShouldStartWith("220 ", Case.Sensitive, Convert.ToHexString(octets));
            replies.Split("\r\n")[..^1].ShouldAllBe(line => line.Length >= 4 && line.Length <= 510 && char.IsAsciiDigit(line[0]) && !line.Any(char.IsControl));
        }

        rounds.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void Every_path_that_is_accepted_can_be_written_and_read_again()
    {
        var random = new Random(Seed);
        var began = Stopwatch.GetTimestamp();
        byte[][] seeds = [.. new[] { "alice@example.com", "\"a \\\" b\"@[IPv6:::1]", "@a,@[192.0.2.1]:\u00fc@\u00fc.example", "postmaster" }.Select(Encoding.UTF8.GetBytes)];
        var accepted = 0;
        for (var round = 0; round < 1_000_000 && Stopwatch.GetElapsedTime(began) < Budget; round++)
        {
            var octets = SmtpMutation.Apply(seeds[random.Next(seeds.Length)], random);
            if (!MailPath.TryParse(octets, out var path))
            {
                continue;
            }

            accepted++;
            path.Address.Any(char.IsControl).ShouldBeFalse(Convert.ToHexString(octets));
            MailPath.TryParse(path.Address, out var again).ShouldBeTrue(Convert.ToHexString(octets));
            again.ShouldBe(path);

            // A path in brackets is one argument of a command, whatever its quotes hold.
            var verb = path.Domain.Length == 0 ? "RCPT TO:" : "MAIL FROM:";
            CommandReader.Read(Encoding.UTF8.GetBytes($"{verb}{path}{(verb[0] == 'M' ? " SMTPUTF8" : "")}")).Path.ShouldBe(path);
        }

        accepted.ShouldBeGreaterThan(100);
    }

    private static async Task<string> TalkAsync(byte[] octets, Random random)
    {
        var toServer = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));
        var toClient = new Pipe(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
        var isSecured = random.Next(2) == 0;
        var identity = new SmtpSessionIdentity("S1", "fuzz", new IPEndPoint(IPAddress.Loopback, 1)) { Tls = isSecured ? Tls : null };
        var options = new SmtpServerOptions
        {
            HostName = "gateway.example.com",
            MaxMessageBytes = 2_000,
            MaxRecipients = 2,
            MaxErrors = 10,
            Tls = (SessionOffer)random.Next(3),
            Authentication = (SessionOffer)random.Next(3),
            IsSoft = random.Next(4) == 0,
        };
        var running = new SmtpServerSession(options, Policy(), identity, TimeProvider.System)
            .RunAsync(new Ends(toServer.Reader, toClient.Writer), CancellationToken.None);
        for (var at = 0; at < octets.Length;)
        {
            var length = random.Next(1, octets.Length - at + 1);
            await toServer.Writer.WriteAsync(octets.AsMemory(at, length));
            at += length;
        }

        await toServer.Writer.CompleteAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(30));
        await toClient.Writer.CompleteAsync();
        using var replies = new MemoryStream();
        await toClient.Reader.CopyToAsync(replies);
        return Encoding.UTF8.GetString(replies.ToArray());
    }

    private static SmtpServerPolicy Policy() => new()
    {
        HandleMessage = TakeAsync,
        StartTls = (transport, _) => ValueTask.FromResult(new SecuredTransport(transport, Tls, new Nothing())),
        Authentication = new SmtpAuthentication { FindUser = _ => new FoundUser(User), Attempted = (_, user, _, _) => user.Any(char.IsControl).ShouldBeFalse() },
        ReserveMemory = (_, octets, _) => ValueTask.FromResult<IDisposable?>(octets is > 0 and < 1_000_000 ? new MemoryStream() : null),
        Observer = new Eavesdropper(),
    };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static ValueTask<SmtpReply> TakeAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        var text = Encoding.Latin1.GetString(message.Content.Span);
        text.Replace("\r\n", string.Empty, StringComparison.Ordinal).AsSpan().IndexOfAny('\r', '\n', '\0').ShouldBe(-1);
        text.Length.ShouldBeLessThanOrEqualTo(2_000);
        (text.Length == 0 || text.EndsWith("\r\n", StringComparison.Ordinal)).ShouldBeTrue();
        message.Envelope.Recipients.Count.ShouldBeInRange(1, 2);
        IsHarmless(message.Envelope.EnvelopeId).ShouldBeTrue();
        message.Envelope.Recipients.ShouldAllBe(recipient => IsHarmless(recipient.OriginalRecipient));
        return ValueTask.FromResult(SmtpReply.OneLine(250, new EnhancedStatus(2, 0, 0), "taken"));
    }

    private static bool IsHarmless(string? parameter) => parameter is null || !parameter.Any(character => char.IsControl(character) || character == ' ');

    private sealed class Eavesdropper : ISessionObserver
    {
        public bool WantsEverything => true;

        public void Answered(SmtpSessionIdentity session, string command, SmtpReply reply) => command.Any(char.IsControl).ShouldBeFalse();

        public void MessageAnswered(SmtpSessionIdentity session, Envelope envelope, long octets, SmtpReply reply) => envelope.Recipients.ShouldNotBeEmpty();

        public void Failed(SmtpSessionIdentity session, Exception exception) => throw new InvalidOperationException("The owner's code is sound.", exception);

        public void Ended(SmtpSessionIdentity session, SessionEnd reason)
        {
        }
    }

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
