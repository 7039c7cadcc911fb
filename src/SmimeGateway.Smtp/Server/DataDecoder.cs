namespace SmimeGateway.Smtp.Server;

/// <summary>
/// Finds the end of data (RFC 5321 section 4.1.1.4) in a stream of pieces and removes the transparency dots. Only CR LF . CR LF
/// ends data. A message with anything that another server might take for a line end or an end of data is swallowed up to its true
/// end and reported as a fault, so that it is neither relayed nor ever split into two.
/// </summary>
internal sealed class DataDecoder
{
    // RFC 5321 section 4.5.3.1.6: 1000 octets with the CR LF, without the transparency dot.
    private const int MaxLineText = 998;

    private readonly MessageBuffer _buffer = new();
    private Position _position;
    private int _lineText;
    private long _room;

    private enum Position
    {
        LineStart,

        // A dot came first in the line; it is not content, whatever follows.
        Dot,

        // A dot and a CR: a line feed would end the data.
        DotCr,
        Inside,
        Cr,
    }

    /// <summary>Why the message must be refused, or none.</summary>
    public DataFault Fault { get; private set; }

    /// <summary>How many octets of content came so far, faulty ones excluded.</summary>
    public long Octets { get; private set; }

    /// <summary>Begins a message.</summary>
    /// <param name="prefix">What stands before the content; it does not count against the limit.</param>
    /// <param name="announced">The size that MAIL announced, or null.</param>
    /// <param name="limit">The most octets of content.</param>
    public void Start(ReadOnlySpan<byte> prefix, long? announced, long limit)
    {
        // DATA's own line end is the CR LF that a final dot may follow at once.
        _position = Position.LineStart;
        _lineText = 0;
        _room = limit;
        Fault = DataFault.None;
        Octets = 0;
        _buffer.Start(prefix, announced is { } size ? Math.Min(size, limit) : null);
    }

    /// <summary>Takes the next piece. True when the data ended in it, at <paramref name="consumed"/>; what follows are commands.</summary>
    public bool Decode(ReadOnlySpan<byte> input, out int consumed)
    {
        var kept = 0;
        var at = 0;
        while (at < input.Length)
        {
            switch (_position)
            {
                case Position.LineStart when input[at] == (byte)'.':
                    Keep(input[kept..at]);
                    kept = ++at;
                    _position = Position.Dot;
                    break;

                case Position.Dot when input[at] == (byte)'\r':
                    kept = ++at;
                    _position = Position.DotCr;
                    break;

                case Position.DotCr when input[at] == (byte)'\n':
                    consumed = at + 1;
                    return true;

                case Position.Cr when input[at] == (byte)'\n':
                    at++;
                    _lineText = 0;
                    _position = Position.LineStart;
                    break;

                case Position.DotCr or Position.Cr:
                    Refuse(DataFault.BareLineEnd);
                    _position = Position.Inside;
                    break;

                default:
                    at += TakeText(input[at..]);
                    break;
            }
        }

        Keep(input[kept..]);
        consumed = input.Length;
        return false;
    }

    /// <summary>The prefix and the content, which the caller owns from now on.</summary>
    public ReadOnlyMemory<byte> Take() => _buffer.Take();

    /// <summary>Lets go of what was kept, when the client will not finish.</summary>
    public void Abandon() => _buffer.Release();

    // Passes over the text up to the next octet that means something, and over that.
    private int TakeText(ReadOnlySpan<byte> input)
    {
        var length = input.IndexOfAny((byte)'\r', (byte)'\n', (byte)0);
        var text = length < 0 ? input.Length : length;
        _position = Position.Inside;

        // The sum stays small: a line is not counted on once it is too long.
        _lineText = Math.Min(_lineText, MaxLineText + 1) + Math.Min(text, MaxLineText + 1);
        if (_lineText > MaxLineText)
        {
            Refuse(DataFault.LineTooLong);
        }

        if (length < 0)
        {
            return text;
        }

        switch (input[length])
        {
            case (byte)'\r':
                _position = Position.Cr;
                break;
            case (byte)'\n':
                Refuse(DataFault.BareLineEnd);
                break;
            default:
                Refuse(DataFault.NulOctet);
                break;
        }

        return length + 1;
    }

    private void Keep(ReadOnlySpan<byte> content)
    {
        if (Fault != DataFault.None || content.IsEmpty)
        {
            return;
        }

        if (content.Length > _room)
        {
            Refuse(DataFault.TooBig);
            return;
        }

        _room -= content.Length;
        Octets += content.Length;
        _buffer.Append(content);
    }

    // The first fault is the one the client hears. The memory is free from here on, however much is still to be swallowed.
    private void Refuse(DataFault fault)
    {
        if (Fault == DataFault.None)
        {
            Fault = fault;
            _buffer.Release();
        }
    }
}
