namespace SmimeGateway.Smtp.Server.Content;

/// <summary>
/// The content of the message that is coming in, kept in one place whichever command brings it: within its limit, behind its prefix,
/// and let go of at the first fault.
/// </summary>
internal sealed class MessageIntake
{
    private readonly MessageBuffer _buffer = new();
    private long _room;

    /// <summary>Why the message must be refused, or none. The first fault is the one the client hears.</summary>
    public DataFault Fault { get; private set; }

    /// <summary>How many octets of content came so far, faulty ones excluded.</summary>
    public long Octets { get; private set; }

    /// <summary>Forgets the message before.</summary>
    public void Clear()
    {
        Fault = DataFault.None;
        Octets = 0;
        _buffer.Release();
    }

    /// <summary>Begins a message.</summary>
    /// <param name="prefix">What stands before the content; it does not count against the limit.</param>
    /// <param name="announced">The size that was announced, or null.</param>
    /// <param name="limit">The most octets of content.</param>
    public void Start(ReadOnlySpan<byte> prefix, long? announced, long limit)
    {
        Clear();
        _room = limit;
        _buffer.Start(prefix, announced is { } size ? Math.Min(size, limit) : null);
    }

    /// <summary>Refuses at once what would not fit in when it comes.</summary>
    public void Expect(long octets)
    {
        if (octets > _room)
        {
            Refuse(DataFault.TooBig);
        }
    }

    /// <summary>Adds content, unless the message is faulty already.</summary>
    public void Keep(ReadOnlySpan<byte> content)
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

    /// <summary>Adds the end of the last line, which does not count against the limit.</summary>
    public void EndLine() => _buffer.Append("\r\n"u8);

    /// <summary>Notes a fault. The memory is free from here on, however much is still to be swallowed.</summary>
    public void Refuse(DataFault fault)
    {
        if (Fault == DataFault.None)
        {
            Fault = fault;
            _buffer.Release();
        }
    }

    /// <summary>The prefix and the content, which the caller owns from now on.</summary>
    public ReadOnlyMemory<byte> Take() => _buffer.Take();

    /// <summary>Lets go of what was kept.</summary>
    public void Release() => _buffer.Release();
}

/// <summary>Why the octets of DATA or BDAT are no message that may be relayed.</summary>
internal enum DataFault
{
    None,
    TooBig,
    BareLineEnd,
    NulOctet,
    LineTooLong,
    NoMemory,
}
