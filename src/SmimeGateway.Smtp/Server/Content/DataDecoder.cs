namespace SmimeGateway.Smtp.Server.Content;

/// <summary>
/// Finds the end of data (RFC 5321 section 4.1.1.4) in a stream of pieces and removes the transparency dots. Only CR LF . CR LF
/// ends data. A message with anything that another server might take for a line end or an end of data is swallowed up to its true
/// end and reported as a fault, so that it is neither relayed nor ever split into two.
/// </summary>
internal sealed class DataDecoder(MessageIntake intake, long maxLine)
{
    private Position _position;
    private long _lineText;

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

    /// <summary>Begins a message.</summary>
    public void Start()
    {
        // DATA's own line end is the CR LF that a final dot may follow at once.
        _position = Position.LineStart;
        _lineText = 0;
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
                    intake.Keep(input[kept..at]);
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
                    intake.Refuse(DataFault.BareLineEnd);
                    _position = Position.Inside;
                    break;

                default:
                    at += TakeText(input[at..]);
                    break;
            }
        }

        intake.Keep(input[kept..]);
        consumed = input.Length;
        return false;
    }

    // Passes over the text up to the next octet that means something, and over that.
    private int TakeText(ReadOnlySpan<byte> input)
    {
        var length = input.IndexOfAny((byte)'\r', (byte)'\n', (byte)0);
        var text = length < 0 ? input.Length : length;
        _position = Position.Inside;

        _lineText += text;
        if (_lineText > maxLine)
        {
            intake.Refuse(DataFault.LineTooLong);
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
                intake.Refuse(DataFault.BareLineEnd);
                break;
            default:
                intake.Refuse(DataFault.NulOctet);
                break;
        }

        return length + 1;
    }
}
