using System.ComponentModel;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Authentication.ExtendedProtection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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
    private static readonly EnhancedStatus CryptographicFailure = new(4, 7, 5);

    private readonly Stream _wire;
    private readonly ReplyParser _parser = new();
    private readonly LazyDeadline _deadline;
    private readonly byte[] _output = GC.AllocateUninitializedArray<byte>(OutputBytes);
    private readonly byte[] _input = GC.AllocateUninitializedArray<byte>(ReplyParser.MaxLineBytes);
    private Stream _stream;
    private int _outputLength;
    private int _inputStart;
    private int _inputEnd;
    private string? _abortReason;

    public ClientTransport(Stream stream, TimeProvider time)
    {
        _wire = stream;
        _stream = stream;
        _deadline = new LazyDeadline(time, () => Abort("Time ran out while waiting for the server"));
    }

    /// <summary>The text of the lines of the last reply.</summary>
    public IReadOnlyList<string> ReplyLines => _parser.Lines;

    /// <summary>The text after the code of the last reply when it was 334: what SASL calls a challenge, in base64.</summary>
    public string Challenge => _parser.Challenge;

    /// <summary>What the handshake agreed on; null while the connection is plain.</summary>
    public TlsFacts? Tls { get; private set; }

    /// <summary>What binds a login to this very TLS connection (RFC 5929 section 4); null while the connection is plain.</summary>
    public ChannelBinding? ChannelBinding => (_stream as SslStream)?.TransportContext.GetChannelBinding(ChannelBindingKind.Endpoint);

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

    /// <summary>Goes on under TLS. Bytes read before belong to nobody who can be trusted, so there must be none.</summary>
    /// <param name="options">What is agreed to.</param>
    /// <param name="explain">Says why the server's certificate was refused, if it was.</param>
    /// <param name="timeout">For the whole handshake.</param>
    public async ValueTask EncryptAsync(SslClientAuthenticationOptions options, Func<string?> explain, TimeSpan timeout)
    {
        var secured = new SslStream(_wire, leaveInnerStreamOpen: false);
        _stream = secured;
        _deadline.Set(timeout);
        try
        {
            await secured.AuthenticateAsClientAsync(options);
        }
        catch (Exception exception) when (IsBroken(exception) || exception is InvalidOperationException or CryptographicException or Win32Exception)
        {
            if (Volatile.Read(ref _abortReason) is not null)
            {
                throw Lost("The TLS handshake failed", exception);
            }

            var reason = exception is AuthenticationException ? explain() : null;
            throw new SessionLostException($"The TLS handshake failed: {reason ?? RootOf(exception)}", CryptographicFailure, exception);
        }

        _deadline.Clear();
        Tls = new TlsFacts(secured.SslProtocol, secured.NegotiatedCipherSuite.ToString(), secured.RemoteCertificate as X509Certificate2);
    }

    /// <summary>Says that nothing more will be sent, which under TLS takes a message of its own (RFC 8446 section 6.1).</summary>
    public async ValueTask CloseNotifyAsync(TimeSpan timeout)
    {
        if (Tls is null)
        {
            return;
        }

        _deadline.Set(timeout);
        try
        {
            await ((SslStream)_stream).ShutdownAsync();
        }
        catch (Exception exception) when (IsBroken(exception) || exception is InvalidOperationException)
        {
            // The server was faster, and nothing depends on it.
        }
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
        _deadline.Set(timeout);
        try
        {
            await _stream.WriteAsync(bytes);
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            throw Lost("The connection broke while sending", exception);
        }
    }

    /// <summary>Waits for one complete reply.</summary>
    public async ValueTask<ServerReply> ReadReplyAsync(TimeSpan timeout)
    {
        _deadline.Set(timeout);
        while (true)
        {
            var progress = _parser.Parse(_input.AsSpan(_inputStart, _inputEnd - _inputStart), out var consumed);
            _inputStart += consumed;
            switch (progress)
            {
                case ReplyProgress.Complete:
                    _deadline.Clear();
                    return _parser.Reply!;
                case ReplyProgress.Malformed:
                    throw SessionLostException.Violation(_parser.Fault!);
                default:
                    await ReadMoreAsync();
                    break;
            }
        }
    }

    /// <summary>Sends one line and waits for the one reply to it. As nothing is pipelined, whatever came behind it was never asked for.</summary>
    public async ValueTask<ServerReply> AskAsync(string line, TimeSpan timeout)
    {
        Append(line);
        Append("\r\n"u8);
        await FlushAsync(timeout);
        return await ReadOnlyReplyAsync(timeout);
    }

    /// <summary>Waits for a reply that nothing may follow.</summary>
    public async ValueTask<ServerReply> ReadOnlyReplyAsync(TimeSpan timeout)
    {
        var reply = await ReadReplyAsync(timeout);
        return HasUnreadInput ? throw SessionLostException.Violation("a reply came that no command asked for") : reply;
    }

    /// <summary>Breaks the connection: whatever waits on it fails. Safe from any thread.</summary>
    public void Abort(string reason)
    {
        Interlocked.CompareExchange(ref _abortReason, reason, null);

        // The wire below TLS: another thread may be inside the SslStream, and notices that its wire is gone.
        _wire.Dispose();
    }

    /// <summary>Breaks the connection when the token is cancelled, until the registration is disposed.</summary>
    public CancellationTokenRegistration AbortOn(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static state => ((ClientTransport)state!).Abort("The gateway is shutting down"), this);

    public async ValueTask DisposeAsync()
    {
        _deadline.Dispose();
        await _stream.DisposeAsync();
        await _wire.DisposeAsync();
    }

    private static bool IsBroken(Exception exception) => exception is IOException or ObjectDisposedException or AuthenticationException;

    // The outer exceptions of a handshake say no more than that it failed. The text can hold the server's words.
    private static string RootOf(Exception exception)
    {
        var text = exception.GetBaseException().Message.TrimEnd('.');
        return PrintableText.From(Encoding.UTF8.GetBytes(text), 200) + ".";
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
        catch (Exception exception) when (IsBroken(exception))
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
