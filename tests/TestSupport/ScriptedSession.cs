using System.Text;

namespace SmimeGateway.TestSupport;

/// <summary>One connection of a <see cref="ScriptedNextHop"/>.</summary>
internal sealed class ScriptedSession(ScriptedNextHop nextHop, Stream stream, CancellationToken stop)
{
    private readonly List<byte> _input = [];
    private readonly byte[] _chunk = new byte[64 * 1024];
    private readonly List<string> _recipients = [];
    private string? _mail;

    public async Task RunAsync()
    {
        if (!await AnswerAsync("GREETING", string.Empty, ScriptedReply.Say("220 scripted.example ESMTP")))
        {
            return;
        }

        while (await ReadLineAsync() is { } line)
        {
            nextHop.Commands.Enqueue(line);
            if (!await ObeyAsync(line.Split(' ', ':')[0].ToUpperInvariant(), line))
            {
                return;
            }
        }
    }

    private async Task<bool> ObeyAsync(string verb, string line)
    {
        switch (verb)
        {
            case "EHLO":
                string[] lines = ["scripted.example", .. nextHop.Extensions];
                return await AnswerAsync(verb, line, ScriptedReply.Say(
                    [.. lines.Select((text, i) => (i == lines.Length - 1 ? "250 " : "250-") + text)]));
            case "MAIL" when _mail is not null:
                return await AnswerAsync("NESTED", line, ScriptedReply.Say("503 5.5.1 Nested MAIL command"));
            case "MAIL":
                return await AnswerAsync(verb, line, ScriptedReply.Say("250 2.1.0 Ok"), () => _mail = line);
            case "RCPT" when _mail is null:
                return await AnswerAsync("UNEXPECTED", line, ScriptedReply.Say("503 5.5.1 Need MAIL command"));
            case "RCPT":
                return await AnswerAsync(verb, line, ScriptedReply.Say("250 2.1.5 Ok"), () => _recipients.Add(line));
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

        var answer = nextHop.Ask("DOT", _mail ?? string.Empty) ?? ScriptedReply.Say("250 2.0.0 Ok: queued");
        nextHop.Messages.Enqueue(new ScriptedMessage(
            _mail ?? string.Empty, [.. _recipients], [.. wire], [.. content], Encoding.Latin1.GetString(answer.Bytes.Span)));
        Forget();
        return await PerformAsync(answer);
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
        await stream.WriteAsync(reply.Bytes, stop);
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
            var read = await stream.ReadAsync(_chunk, stop);
            if (read == 0)
            {
                return null;
            }

            nextHop.Reads.Enqueue(Encoding.Latin1.GetString(_chunk, 0, read));
            _input.AddRange(_chunk.AsSpan(0, read));
        }
    }
}
