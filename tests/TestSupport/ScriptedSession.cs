using System.Globalization;
using System.Text;

namespace SmimeGateway.TestSupport;

/// <summary>One connection of a <see cref="ScriptedNextHop"/>.</summary>
internal sealed class ScriptedSession(ScriptedNextHop nextHop, Stream wire, CancellationToken stop) : IAsyncDisposable
{
    private Stream _stream = wire;
    private readonly List<byte> _input = [];
    private readonly byte[] _chunk = new byte[64 * 1024];
    private readonly List<string> _recipients = [];
    private readonly List<byte> _chunks = [];
    private string? _mail;
    private bool _isEncrypted;
    private bool _isAsking;
    private string _lastReply = string.Empty;

    private IReadOnlyList<string> Extensions => !_isEncrypted ? nextHop.Extensions
        : nextHop.ExtensionsUnderTls ?? [.. nextHop.Extensions.Where(keyword => keyword != "STARTTLS")];

    public async Task RunAsync()
    {
        if (nextHop.Tls is { IsImplicit: true } && !await EncryptAsync())
        {
            return;
        }

        if (!await AnswerAsync("GREETING", string.Empty, ScriptedReply.Say("220 scripted.example ESMTP")))
        {
            return;
        }

        while (await ReadLineAsync() is { } line)
        {
            nextHop.Commands.Enqueue(line);
            if (!await ObeyAsync(_isAsking ? "RESPONSE" : line.Split(' ', ':')[0].ToUpperInvariant(), line))
            {
                return;
            }
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<bool> ObeyAsync(string verb, string line)
    {
        switch (verb)
        {
            case "EHLO":
                string[] lines = ["scripted.example", .. Extensions];
                return await AnswerAsync(verb, line, ScriptedReply.Say(
                    [.. lines.Select((text, i) => (i == lines.Length - 1 ? "250 " : "250-") + text)]));
            case "STARTTLS":
                return await AnswerAsync(verb, line, ScriptedReply.Say(nextHop.Tls is null ? "502 5.5.1 No TLS here" : "220 2.0.0 Go ahead"))
                    && (!_lastReply.StartsWith("220", StringComparison.Ordinal) || await EncryptAsync());
            case "AUTH" or "RESPONSE":
                var goesOn = await AnswerAsync(verb, line, ScriptedReply.Say("235 2.7.0 Welcome"));
                _isAsking = _lastReply.StartsWith("334", StringComparison.Ordinal);
                return goesOn;
            case "MAIL" when _mail is not null:
                return await AnswerAsync("NESTED", line, ScriptedReply.Say("503 5.5.1 Nested MAIL command"));
            case "MAIL":
                return await AnswerAsync(verb, line, ScriptedReply.Say("250 2.1.0 Ok"), () => _mail = line);
            case "RCPT" when _mail is null:
                return await AnswerAsync("UNEXPECTED", line, ScriptedReply.Say("503 5.5.1 Need MAIL command"));
            case "RCPT":
                return await AnswerAsync(verb, line, ScriptedReply.Say("250 2.1.5 Ok"), () => _recipients.Add(line));
            case "BDAT":
                return await TakeChunkAsync(line);
            case "DATA":
                return await TakeContentAsync(line);
            case "RSET":
                Forget();
                return await AnswerAsync(verb, line, ScriptedReply.Say("250 2.0.0 Ok"));
            case "QUIT":
                await AnswerAsync(verb, line, ScriptedReply.Say("221 2.0.0 Bye"));
                return false;
            default:
                return await AnswerAsync(verb, line, ScriptedReply.Say("250 2.0.0 Ok"));
        }
    }

    private async Task<bool> TakeContentAsync(string line)
    {
        var usual = _recipients.Count > 0 ? ScriptedReply.Say("354 End data with <CR><LF>.<CR><LF>") : ScriptedReply.Say("554 5.5.1 No valid recipients");
        var reply = nextHop.Ask("DATA", line) ?? usual;
        if (!await PerformAsync(reply))
        {
            return false;
        }

        if (!reply.Bytes.Span.StartsWith("354"u8))
        {
            return true;
        }

        var wire = new List<byte>();
        var content = new List<byte>();
        while (true)
        {
            if (await ReadLineAsync() is not { } text)
            {
                return false;
            }

            if (text == ".")
            {
                break;
            }

            wire.AddRange(Encoding.Latin1.GetBytes(text + "\r\n"));
            content.AddRange(Encoding.Latin1.GetBytes((text.StartsWith('.') ? text[1..] : text) + "\r\n"));
        }

        return await EndAsync(wire, content);
    }

    // RFC 3030 section 2: the octets are taken whatever the reply will be.
    private async Task<bool> TakeChunkAsync(string line)
    {
        var words = line.Split(' ');
        for (var missing = int.Parse(words[1], CultureInfo.InvariantCulture); missing > 0;)
        {
            if (_input.Count == 0 && !await ReadMoreAsync())
            {
                return false;
            }

            var taken = Math.Min(missing, _input.Count);
            _chunks.AddRange(_input[..taken]);
            _input.RemoveRange(0, taken);
            missing -= taken;
        }

        if (_recipients.Count == 0)
        {
            _chunks.Clear();
            return await AnswerAsync("UNEXPECTED", line, ScriptedReply.Say("503 5.5.1 No valid recipients"));
        }

        if (words.Length < 3)
        {
            return await AnswerAsync("BDAT", line, ScriptedReply.Say("250 2.0.0 Ok"));
        }

        List<byte> content = [.. _chunks];
        _chunks.Clear();
        return await EndAsync(content, content);
    }

    private async Task<bool> EndAsync(List<byte> wire, List<byte> content)
    {
        var answer = nextHop.Ask("DOT", _mail ?? string.Empty) ?? ScriptedReply.Say("250 2.0.0 Ok: queued");
        nextHop.Messages.Enqueue(new ScriptedMessage(
            _mail ?? string.Empty, [.. _recipients], [.. wire], [.. content], Encoding.Latin1.GetString(answer.Bytes.Span)));
        Forget();
        return await PerformAsync(answer);
    }

    private async Task<bool> EncryptAsync()
    {
        if (nextHop.Ask("HANDSHAKE", string.Empty) is { } instead)
        {
            // In answer to the client's first message, not behind whatever was said before.
            return await ReadMoreAsync() && await PerformAsync(instead);
        }

        _input.Clear();
        _stream = await nextHop.Tls!.SecureAsync(_stream, stop);
        _isEncrypted = true;
        nextHop.Commands.Enqueue("(TLS)");
        return true;
    }

    private async Task<bool> AnswerAsync(string command, string line, ScriptedReply usual, Action? whenPositive = null)
    {
        var reply = nextHop.Ask(command, line) ?? usual;
        if (reply.Bytes.Span.StartsWith("2"u8))
        {
            whenPositive?.Invoke();
        }

        return await PerformAsync(reply);
    }

    private async Task<bool> PerformAsync(ScriptedReply reply)
    {
        _lastReply = Encoding.Latin1.GetString(reply.Bytes.Span);
        await _stream.WriteAsync(reply.Bytes, stop);
        if (reply.Hangs)
        {
            using var silence = new SemaphoreSlim(0);
            await silence.WaitAsync(stop);
        }

        return !reply.Drops;
    }

    private void Forget()
    {
        _mail = null;
        _recipients.Clear();
        _chunks.Clear();
    }

    // Latin-1 keeps every octet; commands with UTF-8 are decoded by the test that looks at them.
    private async Task<string?> ReadLineAsync()
    {
        var searched = 0;
        while (true)
        {
            for (var i = searched; i + 1 < _input.Count; i++)
            {
                if (_input[i] == '\r' && _input[i + 1] == '\n')
                {
                    var line = Encoding.Latin1.GetString([.. _input[..i]]);
                    _input.RemoveRange(0, i + 2);
                    return line;
                }
            }

            searched = Math.Max(0, _input.Count - 1);
            if (!await ReadMoreAsync())
            {
                return null;
            }
        }
    }

    private async Task<bool> ReadMoreAsync()
    {
        var read = await _stream.ReadAsync(_chunk, stop);
        if (read == 0)
        {
            return false;
        }

        nextHop.Reads.Enqueue(Encoding.Latin1.GetString(_chunk, 0, read));
        _input.AddRange(_chunk.AsSpan(0, read));
        return true;
    }
}
