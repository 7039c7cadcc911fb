using System.Text;

namespace SmimeGateway.Smtp.Client;

/// <summary>
/// The connection under a session: output gathered into few writes, replies read one by one, one deadline for whatever is going on. Every
/// failure is a <see cref="SessionLostException"/>.
/// </summary>
internal sealed class ClientTransport : IAsyncDisposable
{
    /// <summary>Room for a content of 64 KB after dot-stuffing, so that most messages are one write.</summary>
    public const int OutputBytes = 68 * 1024;

    private static readonly EnhancedStatus BadConnection = new(4, 4, 2);

    private readonly Stream _stream;
    private readonly ReplyParser _parser = new();
    private readonly PhaseDeadline _deadline;
    private readonly byte[] _output = GC.AllocateUninitializedArray<byte>(OutputBytes);
    private readonly byte[] _input = GC.AllocateUninitializedArray<byte>(ReplyParser.MaxLineBytes);
    private int _outputLength;
    private int _inputStart;
    private int _inputEnd;
    private string? _abortReason;

    public ClientTransport(Stream stream, TimeProvider time)
    {
        _stream = stream;
        _deadline = new PhaseDeadline(time, () => Abort("Time ran out while waiting for the server"));
    }

    /// <summary>The text of the lines of the last reply.</summary>
    public IReadOnlyList<string> ReplyLines => _parser.Lines;

    /// <summary>Free room in the output.</summary>
    public Span<byte> OutputRoom => _output.AsSpan(_outputLength);

    /// <summary>True when nothing waits to be flushed.</summary>
    public bool IsOutputEmpty => _outputLength == 0;

    /// <summary>True when bytes arrived that no command asked for yet.</summary>
    public bool HasUnreadInput => _inputStart < _inputEnd;

    /// <summary>Marks bytes written into <see cref="OutputRoom"/>.</summary>
    public void Advance(int bytes) => _outputLength += bytes;

    /// <summary>Adds text, which must fit.</summary>
    public void Append(string text) => Advance(Encoding.UTF8.GetBytes(text, OutputRoom));

    /// <summary>Adds bytes, which must fit.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(OutputRoom);
        Advance(bytes.Length);
    }

    /// <summary>Writes what was gathered.</summary>
    public ValueTask FlushAsync(TimeSpan timeout)
    {
        var length = _outputLength;
        _outputLength = 0;
        return WriteAsync(_output.AsMemory(0, length), timeout);
    }

    /// <summary>Writes bytes of the caller's own without copying them.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, TimeSpan timeout)
    {
        _deadline.Start(timeout);
        try
        {
            await _stream.WriteAsync(bytes);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            throw Lost("The connection broke while sending", exception);
        }
    }

    /// <summary>Waits for one complete reply.</summary>
    public async ValueTask<ServerReply> ReadReplyAsync(TimeSpan timeout)
    {
        _deadline.Start(timeout);
        while (true)
        {
            var progress = _parser.Parse(_input.AsSpan(_inputStart, _inputEnd - _inputStart), out var consumed);
            _inputStart += consumed;
            switch (progress)
            {
                case ReplyProgress.Complete:
                    _deadline.Stop();
                    return _parser.Reply!;
                case ReplyProgress.Malformed:
                    throw SessionLostException.Violation(_parser.Fault!);
                default:
                    await ReadMoreAsync();
                    break;
            }
        }
    }

    /// <summary>Breaks the connection: whatever waits on it fails. Safe from any thread.</summary>
    public void Abort(string reason)
    {
        Interlocked.CompareExchange(ref _abortReason, reason, null);
        _stream.Dispose();
    }

    /// <summary>Breaks the connection when the token is cancelled, until the registration is disposed.</summary>
    public CancellationTokenRegistration AbortOn(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static state => ((ClientTransport)state!).Abort("The gateway is shutting down"), this);

    public async ValueTask DisposeAsync()
    {
        _deadline.Dispose();
        await _stream.DisposeAsync();
    }

    private async ValueTask ReadMoreAsync()
    {
        // The parser leaves less than one line, so moving it to the front always makes room.
        _input.AsSpan(_inputStart, _inputEnd - _inputStart).CopyTo(_input);
        _inputEnd -= _inputStart;
        _inputStart = 0;
        int read;
        try
        {
            read = await _stream.ReadAsync(_input.AsMemory(_inputEnd));
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            throw Lost("The connection broke while waiting for a reply", exception);
        }

        if (read == 0)
        {
            throw Lost("The server closed the connection", null);
        }

        _inputEnd += read;
    }

    private SessionLostException Lost(string what, Exception? cause)
    {
        var reason = Volatile.Read(ref _abortReason) ?? what;
        return cause is null
            ? new SessionLostException($"{reason}.", BadConnection)
            : new SessionLostException($"{reason}.", BadConnection, cause);
    }
}
