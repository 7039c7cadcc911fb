using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SmimeGateway.TestSupport;

/// <summary>
/// An SMTP client that sends exactly the bytes a test gives it, however wrong they are, and reads replies. Independent of the
/// gateway's own client, so that a misreading there cannot hide here.
/// </summary>
public sealed class RawSmtpDialog : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TcpClient _connection;
    private Stream _stream;
    private readonly byte[] _buffer = new byte[8192];
    private int _start;
    private int _end;

    private RawSmtpDialog(TcpClient connection)
    {
        _connection = connection;
        _stream = connection.GetStream();
    }

    /// <summary>What the server said first.</summary>
    public RawReply Greeting { get; private set; } = RawReply.Closed;

    /// <summary>Connects to a port of 127.0.0.1 and reads the greeting.</summary>
    public static async Task<RawSmtpDialog> ConnectAsync(int port)
    {
        var connection = new TcpClient { NoDelay = true };
        try
        {
            await connection.ConnectAsync(IPAddress.Loopback, port);
            var dialog = new RawSmtpDialog(connection);
            dialog.Greeting = await dialog.ReadAsync();
            return dialog;
        }
        catch (TimeoutException) when (!Loopback.HasServerEnd(((IPEndPoint)connection.Client.LocalEndPoint!).Port))
        {
            // A server that is killed at this very moment may take the connection with it without a word: the kernel shows it as
            // established on this side, and not at all on the other. To a client that is a connection that broke.
            connection.Dispose();
            throw new IOException("the server's end of the connection is gone");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Connects and says EHLO.</summary>
    public static async Task<RawSmtpDialog> GreetAsync(int port)
    {
        var dialog = await ConnectAsync(port);
        await dialog.CommandAsync("EHLO client.example.com");
        return dialog;
    }

    /// <summary>STARTTLS, a handshake in which the server must prove to be the host below <see cref="TestPki.Root"/>, and the reply to EHLO after it.</summary>
    public async Task<RawReply> StartTlsAsync(string host)
    {
        var reply = await CommandAsync("STARTTLS");
        if (reply.Code != 220)
        {
            return reply;
        }

        await SecureAsync(host);
        return await CommandAsync("EHLO client.example.com");
    }

    /// <summary>The handshake alone.</summary>
    public async Task SecureAsync(string host)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(TestPki.Public(TestPki.Root));
        var secured = new SslStream(_stream);
        await secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = policy });
        _stream = secured;
    }

    /// <summary>Sends one line, CR LF added, and reads its reply.</summary>
    public async Task<RawReply> CommandAsync(string line)
    {
        await WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"));
        return await ReadAsync();
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes);

    /// <summary>
    /// A whole transaction: MAIL, RCPT, DATA, the message with its dots stuffed. Returns the first reply that is not what goes on,
    /// else the reply to the final dot. <paramref name="beforeDot"/> runs when nothing but the content is left to send.
    /// </summary>
    public async Task<RawReply> SendAsync(string from, IEnumerable<string> to, ReadOnlyMemory<byte> message, string parameters = "", Action? beforeDot = null)
    {
        var reply = await CommandAsync($"MAIL FROM:<{from}>{parameters}");
        foreach (var recipient in to)
        {
            reply = reply.Code == 250 ? await CommandAsync($"RCPT TO:<{recipient}>") : reply;
        }

        reply = reply.Code == 250 ? await CommandAsync("DATA") : reply;
        if (reply.Code != 354)
        {
            return reply;
        }

        beforeDot?.Invoke();
        try
        {
            await WriteAsync(DotStuffing.Stuff(message.Span));
        }
        catch (IOException)
        {
            // A server may answer and close while a large message is still on its way; the reply is what counts.
        }

        return await ReadAsync();
    }

    /// <summary>Reads one reply, over as many lines as it has.</summary>
    public async Task<RawReply> ReadAsync()
    {
        var text = new StringBuilder();
        while (await ReadLineAsync() is { } line)
        {
            text.Append(text.Length == 0 ? string.Empty : "\n").Append(line);
            if (line.Length < 4 || line[3] != '-')
            {
                return new RawReply(int.TryParse(line.AsSpan(0, Math.Min(3, line.Length)), out var code) ? code : -1, text.ToString());
            }
        }

        return RawReply.Closed;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _stream.Dispose();
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string?> ReadLineAsync()
    {
        var line = new List<byte>();
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            if (_start == _end)
            {
                _start = 0;
                _end = await ReadSomeAsync(patience.Token);
                if (_end == 0)
                {
                    return null;
                }
            }

            var next = _buffer[_start++];
            if (next == (byte)'\n')
            {
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(next);
        }
    }

    private async Task<int> ReadSomeAsync(CancellationToken patience)
    {
        try
        {
            return await _stream.ReadAsync(_buffer, patience);
        }
        catch (IOException)
        {
            // A reset is an end: what matters to a test is that no reply came.
            return 0;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"no reply within {Patience.TotalSeconds:0} s");
        }
    }
}
