using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;

namespace SmimeGateway.TestSupport;

/// <summary>One connection of a <see cref="CollectingNextHop"/>.</summary>
internal sealed class CollectingSession(CollectingNextHop hop, TcpClient connection)
{
    private readonly NetworkStream _stream = connection.GetStream();
    private readonly List<string> _recipients = [];
    private readonly StringBuilder _replies = new();
    private string _from = string.Empty;

    public async Task RunAsync()
    {
        try
        {
            await ConverseAsync();
        }
        catch (Exception trouble) when (trouble is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The peer was killed, or the test is over: what was taken before is what counts.
        }
        finally
        {
            connection.Dispose();
        }
    }

    private async Task ConverseAsync()
    {
        var reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: 65536));
        await SayAsync("220 sink.example.net ESMTP\r\n");
        while (true)
        {
            var line = await ReadLineAsync(reader);
            if (line is null)
            {
                return;
            }

            var verb = line.Length >= 4 ? line[..4].ToUpperInvariant() : line;
            var isReceiving = verb == "DATA" && _recipients.Count > 0;
            _replies.Append(isReceiving ? "354 go on\r\n" : Answer(verb, line));

            // Replies to pipelined commands travel together, as a real server sends them.
            if (verb is "DATA" or "QUIT" || !HasLine(reader))
            {
                await SayAsync(_replies.ToString());
                _replies.Clear();
            }

            if (verb == "QUIT")
            {
                return;
            }

            if (isReceiving && !await ReceiveAsync(reader))
            {
                return;
            }
        }
    }

    private string Answer(string verb, string line)
    {
        switch (verb)
        {
            case "EHLO":
                return "250-sink.example.net\r\n250-PIPELINING\r\n250-SIZE 104857600\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES\r\n";
            case "MAIL":
                _from = Path(line);
                _recipients.Clear();
                return "250 2.1.0 fine\r\n";
            case "RCPT":
                var reply = hop.ReplyToRecipient(Path(line));
                if (reply.StartsWith('2'))
                {
                    _recipients.Add(Path(line));
                }

                return reply + "\r\n";
            case "DATA":
                return "554 5.5.1 no valid recipients\r\n";
            default:
                return verb == "QUIT" ? "221 2.0.0 bye\r\n" : "250 2.0.0 fine\r\n";
        }
    }

    private async Task<bool> ReceiveAsync(PipeReader reader)
    {
        using var content = new MemoryStream();
        while (await ReadRawLineAsync(reader) is { } line)
        {
            if (line is [(byte)'.', (byte)'\r', (byte)'\n'])
            {
                hop.Take(new CollectedMessage(_from, [.. _recipients], content.ToArray(), TimeProvider.System.GetUtcNow()), out var reply);
                await SayAsync(reply + "\r\n");
                return true;
            }

            content.Write(line.AsSpan(line[0] == (byte)'.' ? 1 : 0));
        }

        return false;
    }

    private static string Path(string line)
    {
        var start = line.IndexOf('<', StringComparison.Ordinal);
        var end = line.IndexOf('>', StringComparison.Ordinal);
        return start >= 0 && end > start ? line[(start + 1)..end] : line;
    }

    private static bool HasLine(PipeReader reader)
    {
        if (!reader.TryRead(out var read))
        {
            return false;
        }

        var hasLine = System.Buffers.BuffersExtensions.PositionOf(read.Buffer, (byte)'\n') is not null;
        reader.AdvanceTo(read.Buffer.Start);
        return hasLine;
    }

    private static async Task<string?> ReadLineAsync(PipeReader reader) =>
        await ReadRawLineAsync(reader) is { } line ? Encoding.UTF8.GetString(line).TrimEnd('\r', '\n') : null;

    private static async Task<byte[]?> ReadRawLineAsync(PipeReader reader)
    {
        while (true)
        {
            var read = await reader.ReadAsync();
            if (System.Buffers.BuffersExtensions.PositionOf(read.Buffer, (byte)'\n') is { } end)
            {
                var after = read.Buffer.GetPosition(1, end);
                var line = System.Buffers.BuffersExtensions.ToArray(read.Buffer.Slice(0, after));
                reader.AdvanceTo(after);
                return line;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }

    private async Task SayAsync(string text) => await _stream.WriteAsync(Encoding.ASCII.GetBytes(text));
}
