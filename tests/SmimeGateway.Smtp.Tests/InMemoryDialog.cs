using System.IO.Pipelines;
using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Smtp.Tests;

/// <summary>
/// A client on the other end of a server session, without a network. The session runs inside the calls of the test, so that every
/// piece sent is seen by it on its own.
/// </summary>
internal sealed class InMemoryDialog : IDuplexPipe, IAsyncDisposable
{
    private readonly Pipe _toServer = new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));

    private readonly Pipe _toClient;
    private readonly CancellationTokenSource _drain = new();
    private readonly StringBuilder _received = new();
    private PipeReader _fromServer;
    private PipeWriter _toSession;

    public InMemoryDialog(
        SmtpServerOptions? options = null,
        SmtpServerPolicy? policy = null,
        TimeProvider? time = null,
        int window = 0,
        Func<List<ReceivedMessage>, SmtpServerPolicy>? policyOf = null,
        SmtpSessionIdentity? identity = null)
    {
        _toClient = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.Inline,
            writerScheduler: PipeScheduler.Inline,
            pauseWriterThreshold: window,
            resumeWriterThreshold: window / 2,
            useSynchronizationContext: false));
        Output = new CountingWriter(_toClient.Writer);
        _fromServer = _toClient.Reader;
        _toSession = _toServer.Writer;
        var session = new SmtpServerSession(
            options ?? SomeServer.Options, policy ?? (policyOf ?? SomeServer.Collect)(Messages), identity ?? SomeServer.Identity, time ?? TimeProvider.System);
        Ended = session.RunAsync(this, _drain.Token);
    }

    public List<ReceivedMessage> Messages { get; } = [];

    public Task<SessionEnd> Ended { get; }

    /// <summary>How many replies were read.</summary>
    public int Replies { get; private set; }

    public int Flushes => ((CountingWriter)Output).Flushes;

    public PipeReader Input => _toServer.Reader;

    public PipeWriter Output { get; }

    /// <summary>A session that has said EHLO, with the replies so far out of the way.</summary>
    public static async Task<InMemoryDialog> GreetAsync(
        SmtpServerOptions? options = null,
        SmtpServerPolicy? policy = null,
        TimeProvider? time = null,
        Func<List<ReceivedMessage>, SmtpServerPolicy>? policyOf = null)
    {
        var dialog = new InMemoryDialog(options, policy, time, policyOf: policyOf);
        await dialog.ReplyAsync();
        await dialog.ExchangeAsync("EHLO client.example.com");
        return dialog;
    }

    /// <summary>A session in which a message may follow at once.</summary>
    public static async Task<InMemoryDialog> InDataAsync(
        SmtpServerOptions? options = null, SmtpServerPolicy? policy = null, TimeProvider? time = null, string parameters = "")
    {
        var dialog = await GreetAsync(options, policy, time);
        await dialog.ExchangeAsync("MAIL FROM:<alice@example.com>" + parameters);
        await dialog.ExchangeAsync("RCPT TO:<bob@example.net>");
        (await dialog.ExchangeAsync("DATA")).ShouldStartWith("354 ");
        return dialog;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> octets) => await _toSession.WriteAsync(octets);

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Holds the client's side of the TLS handshake; everything after it goes through TLS.</summary>
    public async Task SecureAsync()
    {
        var secured = await Eventually.EndsAsync(SomeTls.ConnectAsync(_fromServer, _toSession));
        (_fromServer, _toSession) = (secured.Input, secured.Output);
    }

    /// <summary>The client closes its end.</summary>
    public Task HangUpAsync() => _toServer.Writer.CompleteAsync().AsTask();

    public Task DrainAsync() => _drain.CancelAsync();

    /// <summary>Sends a line and reads its reply.</summary>
    public async Task<string> ExchangeAsync(string line)
    {
        await SendAsync(line + "\r\n");
        return await ReplyAsync();
    }

    /// <summary>The next reply, all its lines.</summary>
    public async Task<string> ReplyAsync()
    {
        var reply = new StringBuilder();
        while (true)
        {
            var line = await LineAsync();
            reply.Append(line).Append('\n');
            if (line is not [_, _, _, '-', ..])
            {
                Replies++;
                return reply.ToString().TrimEnd('\n');
            }
        }
    }

    /// <summary>Reads what the server has said so far, and forgets it.</summary>
    public void Discard()
    {
        _received.Clear();
        if (_fromServer.TryRead(out var read))
        {
            _fromServer.AdvanceTo(read.Buffer.End);
        }

    }

    /// <summary>Everything the server says until the session ends.</summary>
    public async Task<string> RestAsync()
    {
        await Eventually.EndsAsync(Ended);
        await _toClient.Writer.CompleteAsync();
        while (await ReceiveAsync())
        {
        }

        return _received.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _toServer.Writer.CompleteAsync();
        await _toClient.Reader.CompleteAsync();
        await Eventually.EndsAsync(Ended);
        _drain.Dispose();
    }

    private async Task<string> LineAsync()
    {
        while (true)
        {
            var text = _received.ToString();
            var end = text.IndexOf("\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                _received.Remove(0, end + 2);
                return text[..end];
            }

            if (!await ReceiveAsync())
            {
                throw new InvalidOperationException($"The server said no more than: {text}");
            }
        }
    }

    private async Task<bool> ReceiveAsync()
    {
        var read = await Eventually.EndsAsync(_fromServer.ReadAsync().AsTask());
        _received.Append(Encoding.UTF8.GetString(read.Buffer));
        _fromServer.AdvanceTo(read.Buffer.End);
        return !read.IsCompleted;
    }

    private sealed class CountingWriter(PipeWriter inner) : PipeWriter
    {
        public int Flushes { get; private set; }

        public override void Advance(int bytes) => inner.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            Flushes++;
            return inner.FlushAsync(cancellationToken);
        }
    }
}
