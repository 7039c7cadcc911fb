using System.Buffers;

namespace SmimeGateway.LoadPeers;

/// <summary>The server's half of a dialog: answers everything kindly, counts each end of data.</summary>
internal sealed class SinkSession(Stream stream, bool offersTls, Action count)
{
    private static ReadOnlySpan<byte> EndOfData => "\r\n.\r\n"u8;

    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly ArrayBufferWriter<byte> _replies = new();
    private int _start;
    private int _end;

    /// <summary>Runs to the end of the connection, or returns true when the client asks for TLS.</summary>
    public bool Run()
    {
        while (ReadLine() is { Length: > 0 } line)
        {
            switch (line)
            {
                case [(byte)'D' or (byte)'d', (byte)'A' or (byte)'a', ..]:
                    Say("354 go on\r\n"u8, isLast: true);
                    if (!SkipContent())
                    {
                        return false;
                    }

                    count();
                    Say("250 2.0.0 taken\r\n"u8, isLast: true);
                    break;
                case [(byte)'E' or (byte)'e', ..]:
                    Say(offersTls
                        ? "250-sink.example.net\r\n250-PIPELINING\r\n250-STARTTLS\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n"u8
                        : "250-sink.example.net\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n"u8);
                    break;
                case [(byte)'S' or (byte)'s', (byte)'T' or (byte)'t', ..] when offersTls:
                    Say("220 2.0.0 ready\r\n"u8, isLast: true);
                    return true;
                case [(byte)'Q' or (byte)'q', ..]:
                    Say("221 2.0.0 bye\r\n"u8, isLast: true);
                    return false;
                default:
                    Say("250 2.0.0 fine\r\n"u8);
                    break;
            }
        }

        return false;
    }

    private ReadOnlySpan<byte> ReadLine()
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start.._end).IndexOf((byte)'\n') + 1;
            if (length > 0)
            {
                _start += length;
                return _buffer.AsSpan(_start - length, length);
            }

            if (!ReadMore())
            {
                return default;
            }
        }
    }

    private bool SkipContent()
    {
        while (true)
        {
            var content = _buffer.AsSpan(_start.._end);
            var end = content.IndexOf(EndOfData);
            if (end >= 0)
            {
                _start += end + EndOfData.Length;
                return true;
            }

            // The end may be split over reads, so its possible beginning stays.
            _start = Math.Max(_start, _end - EndOfData.Length + 1);
            if (!ReadMore())
            {
                return false;
            }
        }
    }

    private bool ReadMore()
    {
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }

    /// <summary>Replies to pipelined commands travel together.</summary>
    private void Say(ReadOnlySpan<byte> reply, bool isLast = false)
    {
        _replies.Write(reply);
        if (isLast || _start == _end)
        {
            stream.Write(_replies.WrittenSpan);
            _replies.ResetWrittenCount();
        }
    }
}
