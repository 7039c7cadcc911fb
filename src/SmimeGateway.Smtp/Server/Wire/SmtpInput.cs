using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using SmimeGateway.Smtp.Sasl;
using SmimeGateway.Smtp.Server.Commands;
using SmimeGateway.Smtp.Server.Content;

namespace SmimeGateway.Smtp.Server.Wire;

/// <summary>What the client sends, taken as command lines or as data, whichever the session expects.</summary>
internal sealed class SmtpInput
{
    // RFC 5321 section 4.5.3.1.4 asks for 512 octets, and extensions add their parameters: DSN alone 500 to RCPT.
    public const int MaxLine = 2048;

    // RFC 4954 section 4. An endless line costs no more memory than this.
    public const int MaxAuthLine = 12288;

    private const int MaxLoggedLine = 200;

    private static ReadOnlySpan<byte> AuthVerb => "AUTH "u8;

    private readonly PipeReader _reader;
    private byte[]? _joined;
    private ReadOnlySequence<byte> _buffer;
    private ReadOnlySequence<byte> _line;
    private bool _isHolding;
    private bool _isSkipping;

    public SmtpInput(PipeReader reader) => _reader = reader;

    /// <summary>What became of a wait for more.</summary>
    public enum Arrival
    {
        /// <summary>There is more to look at.</summary>
        Octets,

        /// <summary>The wait was cut short: look why.</summary>
        Interruption,

        /// <summary>Nothing will come any more.</summary>
        End,
    }

    /// <summary>How many octets have arrived and wait to be taken.</summary>
    public long Buffered => _buffer.Length;

    /// <summary>Waits for more octets. Lines taken before are gone afterwards.</summary>
    public async ValueTask<Arrival> WaitAsync()
    {
        var left = _buffer.Length;
        if (_isHolding)
        {
            _line = default;
            _reader.AdvanceTo(_buffer.Start, _buffer.End);
        }

        var result = await _reader.ReadAsync();
        _buffer = result.Buffer;
        _isHolding = true;
        return result.IsCanceled ? Arrival.Interruption
            : result.IsCompleted && _buffer.Length == left ? Arrival.End
            : Arrival.Octets;
    }

    /// <summary>Takes the next command line, if all of it has arrived.</summary>
    public bool TryTakeCommand(out Command command)
    {
        command = default;
        if (!TryTakeLine(out var isTooLong))
        {
            return false;
        }

        command = isTooLong ? new Command(SmtpVerb.Unknown) { Fault = Replies.CommandTooLong } : ReadCommand();
        return true;
    }

    /// <summary>Takes the next answer to a challenge, if all of it has arrived.</summary>
    public bool TryTakeResponse(out SaslResponse response)
    {
        response = default;
        if (!TryTakeLine(out var isTooLong))
        {
            return false;
        }

        var line = isTooLong ? default : Join();
        response = isTooLong ? new SaslResponse(null, Replies.LoginTooLong)
            : line is not [.., (byte)'\r'] ? new SaslResponse(null, Replies.MalformedLine)
            : line is [(byte)'*', _] ? new SaslResponse(null, Replies.LoginCancelled)
            : SaslText.TryDecode(line[..^1], out var octets) ? new SaslResponse(octets, null)
            : new SaslResponse(null, Replies.BadBase64);
        return true;
    }

    /// <summary>Forgets what has arrived, and leaves the reader to somebody else.</summary>
    public void Discard()
    {
        if (_isHolding)
        {
            _isHolding = false;
            _reader.AdvanceTo(_buffer.End);
        }

        _line = default;
        _buffer = default;
        while (_reader.TryRead(out var more))
        {
            _reader.AdvanceTo(more.Buffer.End);
            if (more.IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>Gives what has arrived to the decoder. True when the data ended; what follows its end stays here.</summary>
    public bool TryTakeData(DataDecoder decoder)
    {
        foreach (var piece in _buffer)
        {
            if (decoder.Decode(piece.Span, out var consumed))
            {
                _buffer = _buffer.Slice(consumed);
                return true;
            }

            _buffer = _buffer.Slice(piece.Length);
        }

        return false;
    }

    /// <summary>Takes as many octets of a chunk as have arrived. Returns how many; no decoder throws them away.</summary>
    public long TakeChunk(ChunkDecoder? decoder, long most)
    {
        var chunk = _buffer.Slice(0, Math.Min(most, _buffer.Length));
        foreach (var piece in chunk)
        {
            decoder?.Decode(piece.Span);
        }

        _buffer = _buffer.Slice(chunk.End);
        return chunk.Length;
    }

    /// <summary>The line of the command taken last, for a log: cut short, and with control characters escaped.</summary>
    public string DescribeLine()
    {
        var text = Encoding.UTF8.GetString(_line.Slice(0, Math.Min(_line.Length, MaxLoggedLine))).TrimEnd('\r');
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (char.IsControl(character) || char.GetUnicodeCategory(character) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            }
            else
            {
                escaped.Append(character);
            }
        }

        return escaped.ToString();
    }

    private bool TryTakeLine(out bool isTooLong)
    {
        isTooLong = false;
        if (_buffer.PositionOf((byte)'\n') is not { } lineFeed)
        {
            // What no line may hold is forgotten at once; its end is still awaited, so that its rest is not taken for a command.
            if (_isSkipping || _buffer.Length > MaxAuthLine)
            {
                _isSkipping = true;
                _buffer = _buffer.Slice(_buffer.End);
            }

            return false;
        }

        _line = _buffer.Slice(0, lineFeed);
        _buffer = _buffer.Slice(_buffer.GetPosition(1, lineFeed));
        isTooLong = _isSkipping || _line.Length > MaxAuthLine;
        _isSkipping = false;
        return true;
    }

    private Command ReadCommand()
    {
        // A lone line feed ends no line: taking it for one is how commands are smuggled past other servers.
        var line = Join();
        if (line is not [.., (byte)'\r'])
        {
            return new Command(SmtpVerb.Unknown) { Fault = line.Length > MaxLine ? Replies.CommandTooLong : Replies.MalformedLine };
        }

        var command = line.Length <= MaxLine || Ascii.EqualsIgnoreCase(line[..AuthVerb.Length], AuthVerb) ? CommandReader.Read(line[..^1]) : default;
        return line.Length <= MaxLine || command.Verb == SmtpVerb.Auth ? command : new Command(SmtpVerb.Unknown) { Fault = Replies.CommandTooLong };
    }

    private ReadOnlySpan<byte> Join()
    {
        if (_line.IsSingleSegment)
        {
            return _line.FirstSpan;
        }

        // Rare, so that most of many idle sessions never need the space.
        var length = (int)_line.Length;
        if (_joined is null || _joined.Length < length)
        {
            _joined = new byte[length > MaxLine ? MaxAuthLine : MaxLine];
        }

        _line.CopyTo(_joined);
        return _joined.AsSpan(0, length);
    }
}

/// <summary>What a client answered to a challenge: octets, or what is wrong with them.</summary>
internal readonly record struct SaslResponse(byte[]? Octets, SmtpReply? Fault);
