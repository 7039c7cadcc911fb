using System.Text;

namespace SmimeGateway.Smtp.Client;

/// <summary>What <see cref="ReplyParser.Parse"/> found.</summary>
public enum ReplyProgress
{
    /// <summary>The reply is not complete; feed more bytes after the unconsumed ones.</summary>
    NeedsMore,

    /// <summary><see cref="ReplyParser.Reply"/> is complete.</summary>
    Complete,

    /// <summary>The bytes are no SMTP reply; <see cref="ReplyParser.Fault"/> says why, and the session cannot be trusted any more.</summary>
    Malformed,
}

/// <summary>
/// Reads replies (RFC 5321 section 4.2) from bytes that arrive in any pieces. Bounded in every direction: an endless line, an endless
/// reply, or codes that change between lines are malformed. A lone line feed ends a line, as some servers send it.
/// </summary>
public sealed class ReplyParser
{
    /// <summary>The longest line accepted; RFC 5321 section 4.5.3.1.5 allows servers 512 octets.</summary>
    public const int MaxLineBytes = 4096;

    /// <summary>The most lines one reply may have.</summary>
    public const int MaxLines = 128;

    /// <summary>The most characters kept of a reply.</summary>
    public const int MaxTextChars = 1000;

    // Servers answer message after message with the same words; recognising them saves the strings on the hot path. Four: the replies
    // to MAIL, RCPT, DATA and the dot.
    private readonly (byte[] Line, ServerReply Reply)[] _known = new (byte[], ServerReply)[4];
    private int _nextKnown;

    private readonly List<string> _lines = [];
    private int _code;

    /// <summary>The reply that was completed last.</summary>
    public ServerReply? Reply { get; private set; }

    /// <summary>The text of each line of the reply completed last when it had several; EHLO lists its extensions there.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>
    /// The text of the reply completed last when its code was 334, longer than other texts may be: a challenge of SASL. Else empty.
    /// </summary>
    public string Challenge { get; private set; } = string.Empty;

    /// <summary>Why the bytes were malformed.</summary>
    public string? Fault { get; private set; }

    /// <summary>Reads on. At most one reply is taken, so that bytes after it stay unconsumed.</summary>
    /// <param name="bytes">The unconsumed bytes so far.</param>
    /// <param name="consumed">How many of them were used; never feed them again.</param>
    public ReplyProgress Parse(ReadOnlySpan<byte> bytes, out int consumed)
    {
        consumed = 0;
        if (Fault is not null)
        {
            return ReplyProgress.Malformed;
        }

        if (Reply is not null)
        {
            Reply = null;
            Challenge = string.Empty;
            _lines.Clear();
            _code = 0;
        }

        while (true)
        {
            var rest = bytes[consumed..];
            var end = rest[..Math.Min(rest.Length, MaxLineBytes)].IndexOf((byte)'\n');
            if (end < 0)
            {
                return rest.Length >= MaxLineBytes ? Fail("a reply line is too long") : ReplyProgress.NeedsMore;
            }

            var line = rest[..(end > 0 && rest[end - 1] == '\r' ? end - 1 : end)];
            consumed += end + 1;
            if (!TakeLine(line))
            {
                return ReplyProgress.Malformed;
            }

            if (Reply is not null)
            {
                return ReplyProgress.Complete;
            }
        }
    }

    private bool TakeLine(ReadOnlySpan<byte> line)
    {
        if (_code == 0 && FindKnown(line) is { } known)
        {
            Reply = known;
            return true;
        }

        if (!TryReadCode(line, out var code))
        {
            Fail("a line is not an SMTP reply");
            return false;
        }

        if (_code != 0 && code != _code)
        {
            Fail("the lines of one reply have different codes");
            return false;
        }

        if (_lines.Count == MaxLines)
        {
            Fail("a reply has too many lines");
            return false;
        }

        var isLast = line.Length == 3 || line[3] == ' ';
        var isOnly = isLast && _code == 0;
        _code = code;
        _lines.Add(PrintableText.From(line.Length > 4 ? line[4..] : default, MaxTextChars));
        if (isLast)
        {
            Reply = Compose();
            if (code == 334)
            {
                // Never the same twice, so not worth remembering.
                Challenge = PrintableText.From(line.Length > 4 ? line[4..] : default, MaxLineBytes);
            }
            else if (isOnly)
            {
                _known[_nextKnown++ % _known.Length] = (line.ToArray(), Reply);
            }
        }

        return true;
    }

    private ServerReply? FindKnown(ReadOnlySpan<byte> line)
    {
        foreach (var (known, reply) in _known)
        {
            if (known is not null && line.SequenceEqual(known))
            {
                return reply;
            }
        }

        return null;
    }

    private static bool TryReadCode(ReadOnlySpan<byte> line, out int code)
    {
        code = 0;
        if (line.Length < 3 || line[0] is < (byte)'2' or > (byte)'5' || !char.IsAsciiDigit((char)line[1]) || !char.IsAsciiDigit((char)line[2])
            || (line.Length > 3 && line[3] is not ((byte)' ' or (byte)'-')))
        {
            return false;
        }

        code = ((line[0] - '0') * 100) + ((line[1] - '0') * 10) + (line[2] - '0');
        return true;
    }

    private ServerReply Compose()
    {
        // The enhanced code is read whether or not the server announced it: it is taken only when its class agrees with the reply's.
        EnhancedStatus? status = EnhancedStatusText.TryRead(_lines[0], out var read) && read.Class == _code / 100 ? read : null;
        var text = new StringBuilder(4 + _lines[0].Length);
        text.Append(_code);
        for (var i = 0; i < _lines.Count && text.Length < MaxTextChars; i++)
        {
            if (_lines[i].Length > 0)
            {
                text.Append(' ').Append(_lines[i]);
            }
        }

        if (text.Length > MaxTextChars)
        {
            text.Length = MaxTextChars;
        }

        return new ServerReply(_code, status, text.ToString());
    }

    private ReplyProgress Fail(string fault)
    {
        Fault = fault;
        Reply = null;
        return ReplyProgress.Malformed;
    }
}
