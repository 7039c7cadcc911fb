namespace SmimeGateway.LoadPeers;

/// <summary>The client's half of an SMTP dialog, with a thread of its own.</summary>
internal sealed class Dialog(Stream stream)
{
    private readonly byte[] _buffer = new byte[4096];

    /// <summary>Sends and waits for the reply.</summary>
    /// <exception cref="IOException">The reply is another, or does not come.</exception>
    public void Say(ReadOnlySpan<byte> bytes, int code)
    {
        stream.Write(bytes);
        Expect(code);
    }

    /// <summary>Reads one reply; nothing may follow it, since the next command has not been sent.</summary>
    public void Expect(int code)
    {
        var length = 0;
        while (!IsComplete(_buffer.AsSpan(0, length)))
        {
            var read = length < _buffer.Length ? stream.Read(_buffer, length, _buffer.Length - length) : 0;
            if (read == 0)
            {
                throw new IOException($"the server said only '{Text(length)}'");
            }

            length += read;
        }

        if (!Text(length).StartsWith($"{code}", StringComparison.Ordinal))
        {
            throw new IOException($"{code} was expected, but the server said '{Text(length)}'");
        }
    }

    private static bool IsComplete(ReadOnlySpan<byte> reply)
    {
        if (!reply.EndsWith("\n"u8))
        {
            return false;
        }

        var last = reply[(reply[..^1].LastIndexOf((byte)'\n') + 1)..];
        return last.Length < 4 || last[3] != (byte)'-';
    }

    private string Text(int length) => System.Text.Encoding.Latin1.GetString(_buffer, 0, length).Trim();
}
