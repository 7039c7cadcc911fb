namespace SmimeGateway.Smtp.Server.Content;

/// <summary>
/// Takes the octets of chunks (RFC 3030) as they are. Their end is counted, not searched for, but the message may go on by DATA, to a
/// server that searches: what could be read there as a line end or an end of data is refused here as it is after DATA, and lines have
/// the same limit.
/// </summary>
internal sealed class ChunkDecoder(MessageIntake intake, long maxLine)
{
    private bool _isAfterReturn;
    private bool _isAtLineStart;
    private long _lineText;

    /// <summary>Begins a message.</summary>
    public void Start()
    {
        _isAfterReturn = false;
        _isAtLineStart = true;
        _lineText = 0;
    }

    /// <summary>Takes the next octets of the message; a line end may be divided between two chunks.</summary>
    public void Decode(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty || intake.Fault != DataFault.None)
        {
            return;
        }

        if (FindFault(octets) is var fault and not DataFault.None)
        {
            intake.Refuse(fault);
            return;
        }

        _isAtLineStart = octets[^1] == (byte)'\n';
        intake.Keep(octets);
    }

    /// <summary>
    /// Ends the message. A last line without its CR LF is given one, as every sender by DATA must do: RFC 5321 section 2.3.7 knows no
    /// other lines, and so the octets that are signed, stored and sent are the same by whichever command each next hop gets them. No
    /// signature that came with the message minds: DKIM supplies the same line end (RFC 6376 section 3.4.3), and S/MIME has none to
    /// lose behind its last boundary or its base64.
    /// </summary>
    public void Finish()
    {
        if (_isAfterReturn)
        {
            intake.Refuse(DataFault.BareLineEnd);
        }
        else if (!_isAtLineStart && intake.Fault == DataFault.None)
        {
            intake.EndLine();
        }
    }

    private DataFault FindFault(ReadOnlySpan<byte> octets)
    {
        var at = 0;
        while (true)
        {
            if (_isAfterReturn)
            {
                if (at == octets.Length)
                {
                    return DataFault.None;
                }

                if (octets[at] != (byte)'\n')
                {
                    return DataFault.BareLineEnd;
                }

                _isAfterReturn = false;
                _lineText = 0;
                at++;
            }

            var length = octets[at..].IndexOfAny((byte)'\r', (byte)'\n', (byte)0);
            _lineText += length < 0 ? octets.Length - at : length;
            if (_lineText > maxLine)
            {
                return DataFault.LineTooLong;
            }

            if (length < 0)
            {
                return DataFault.None;
            }

            at += length;
            if (octets[at] != (byte)'\r')
            {
                return octets[at] == 0 ? DataFault.NulOctet : DataFault.BareLineEnd;
            }

            _isAfterReturn = true;
            at++;
        }
    }
}
