using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace SmimeGateway.TestSupport;

/// <summary>One connection of a <see cref="CollectingNextHop"/>.</summary>
internal sealed class CollectingSession(CollectingNextHop hop, TcpClient connection)
{
    private readonly List<string> _recipients = [];
    private readonly StringBuilder _replies = new();
    private readonly ArrayBufferWriter<byte> _chunks = new();
    private Stream _stream = connection.GetStream();
    private CollectingInput _input = new(connection.GetStream());
    private string? _mail;
    private string? _user;
    private bool _isEncrypted;

    public async Task RunAsync()
    {
        try
        {
            if (hop.Tls is { IsImplicit: true })
            {
                await EncryptAsync();
            }

            await ConverseAsync();
        }
        catch (Exception trouble) when (trouble is IOException or SocketException or ObjectDisposedException or InvalidOperationException or AuthenticationException)
        {
            // The peer was killed, or would not shake hands, or the test is over: what was taken before is what counts.
        }
        finally
        {
            connection.Dispose();
            await _stream.DisposeAsync();
        }
    }

    private async Task ConverseAsync()
    {
        await SayAsync("220 sink.example.net ESMTP\r\n");
        while (await _input.ReadLineAsync() is { } line)
        {
            var verb = line.Length >= 4 ? line[..4].ToUpperInvariant() : line;
            var isReceiving = verb == "DATA" && _recipients.Count > 0;
            var reply = isReceiving ? "354 go on\r\n" : verb == "BDAT" ? await TakeChunkAsync(line) : Answer(verb, line);
            if (reply is null)
            {
                return;
            }

            _replies.Append(reply);

            // Replies to pipelined commands travel together, as a real server sends them.
            if (verb is "DATA" or "QUIT" or "STAR" or "AUTH" || !_input.HasLine())
            {
                await SayAsync(_replies.ToString());
                _replies.Clear();
            }

            if (verb == "QUIT" || (isReceiving && !await ReceiveAsync()))
            {
                return;
            }

            if (verb == "STAR" && reply[0] == '2')
            {
                await EncryptAsync();
            }
            else if (verb == "AUTH" && reply.Length == 0)
            {
                await LogInAsync(line);
            }
        }
    }

    private string Answer(string verb, string line)
    {
        switch (verb)
        {
            case "EHLO":
                return Greet();
            case "STAR":
                return hop.Tls is null || _isEncrypted ? "503 5.5.1 not now\r\n" : "220 2.0.0 go ahead\r\n";
            case "AUTH":
                return hop.ReplyToLogin is null || _user is not null ? "503 5.5.1 not now\r\n" : string.Empty;
            case "MAIL" when hop.Tls is not null && !hop.TakesPlain && !_isEncrypted:
                return "530 5.7.0 Must issue a STARTTLS command first\r\n";
            case "MAIL" when hop.ReplyToLogin is not null && _user is null:
                return "530 5.7.0 Authentication required\r\n";
            case "MAIL":
                Forget();
                _mail = line;
                return "250 2.1.0 fine\r\n";
            case "RCPT":
                var reply = hop.ReplyToRecipient(Path(line));
                if (reply.StartsWith('2'))
                {
                    _recipients.Add(line);
                }

                return reply + "\r\n";
            case "DATA":
                return "554 5.5.1 no valid recipients\r\n";
            case "RSET":
                Forget();
                return "250 2.0.0 fine\r\n";
            default:
                return verb == "QUIT" ? "221 2.0.0 bye\r\n" : "250 2.0.0 fine\r\n";
        }
    }

    private string Greet()
    {
        List<string> lines = ["sink.example.net", .. hop.Extensions];
        if (hop.Tls is { IsImplicit: false } && !_isEncrypted)
        {
            lines.Add("STARTTLS");
        }

        if (hop.ReplyToLogin is not null)
        {
            lines.Add($"AUTH {hop.Mechanisms}");
        }

        return string.Concat(lines.Select((text, i) => $"250{(i == lines.Count - 1 ? ' ' : '-')}{text}\r\n"));
    }

    private async Task EncryptAsync()
    {
        _stream = await hop.Tls!.SecureAsync(_stream, CancellationToken.None);
        _input = new CollectingInput(_stream);
        _isEncrypted = true;
    }

    private async Task LogInAsync(string line)
    {
        if (await CollectingLogin.ReadAsync(line, _isEncrypted, AskAsync) is not { } login)
        {
            await SayAsync("501 5.5.2 what\r\n");
            return;
        }

        hop.Logins.Enqueue(login);
        var reply = hop.ReplyToLogin!(login);
        if (reply.StartsWith('2'))
        {
            _user = login.User;
        }
        else
        {
            await CollectingLogin.ExplainAsync(login, AskAsync);
        }

        await SayAsync(reply + "\r\n");
    }

    private async Task<string?> AskAsync(string challenge)
    {
        await SayAsync($"334 {Convert.ToBase64String(Encoding.UTF8.GetBytes(challenge))}\r\n");
        return await _input.ReadLineAsync();
    }

    private async Task<string?> TakeChunkAsync(string line)
    {
        var words = line.Split(' ');
        if (await _input.ReadAsync(int.Parse(words[1], CultureInfo.InvariantCulture)) is not { } octets)
        {
            return null;
        }

        if (_recipients.Count == 0)
        {
            return "503 5.5.1 no valid recipients\r\n";
        }

        _chunks.Write(octets.AsSpan());
        if (words.Length < 3)
        {
            return "250 2.0.0 fine\r\n";
        }

        await hop.Pace;
        return Take(_chunks.WrittenSpan.ToArray(), wasChunked: true) + "\r\n";
    }

    private async Task<bool> ReceiveAsync()
    {
        using var content = new MemoryStream();
        while (await _input.ReadRawLineAsync() is { } line)
        {
            if (line is [(byte)'.', (byte)'\r', (byte)'\n'])
            {
                await hop.Pace;
                await SayAsync(Take(content.ToArray(), wasChunked: false) + "\r\n");
                return true;
            }

            content.Write(line.AsSpan(line[0] == (byte)'.' ? 1 : 0));
        }

        return false;
    }

    private string Take(byte[] content, bool wasChunked)
    {
        var message = new CollectedMessage(Path(_mail!), [.. _recipients.Select(Path)], content, TimeProvider.System.GetUtcNow())
        {
            MailCommand = _mail!,
            RecipientCommands = [.. _recipients],
            WasEncrypted = _isEncrypted,
            WasChunked = wasChunked,
            User = _user,
        };
        hop.Take(message, out var reply);
        Forget();
        return reply;
    }

    private void Forget()
    {
        _mail = null;
        _recipients.Clear();
        _chunks.ResetWrittenCount();
    }

    private static string Path(string line)
    {
        var start = line.IndexOf('<', StringComparison.Ordinal);
        var end = line.IndexOf('>', StringComparison.Ordinal);
        return start >= 0 && end > start ? line[(start + 1)..end] : line;
    }

    private async Task SayAsync(string text) => await _stream.WriteAsync(Encoding.ASCII.GetBytes(text));
}
