namespace SmimeGateway.Smtp.Server.Content;

/// <summary>
/// Collects the octets of one message into one block. Where the size was announced, the block is made in that size as soon as the
/// client has shown that it really sends so much, and nothing is copied at the end.
/// </summary>
internal sealed class MessageBuffer
{
    // Holds the typical message of a few kilobytes without growing.
    private const int FirstChunk = 16 * 1024;

    // An announcement alone costs nothing to send, so it buys no more than this before octets follow.
    private const int MaxUnproven = 64 * 1024;

    // What has arrived vouches for this many times as much. The steps are counted back from the announced size, so that the last
    // copy is an eighth of it at most.
    private const int TrustFactor = 8;

    private const int MaxChunk = 4 * 1024 * 1024;

    // Announcements are estimates (RFC 1870 section 6.1), and off by a line end or two most of the time.
    private const int Slack = 64;

    private readonly List<byte[]> _full = [];
    private byte[] _current = [];
    private int _used;
    private long _length;
    private long _expected;

    /// <summary>Begins a message with its prefix.</summary>
    public void Start(ReadOnlySpan<byte> prefix, long? announced)
    {
        Release();
        _expected = announced is { } size ? prefix.Length + size + Slack : 0;
        _current = Allocate(announced is null ? prefix.Length + FirstChunk : Math.Min(_expected, prefix.Length + MaxUnproven));
        Append(prefix);
    }

    /// <summary>Adds octets.</summary>
    public void Append(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            if (_used == _current.Length)
            {
                Grow();
            }

            var piece = octets[..Math.Min(octets.Length, _current.Length - _used)];
            piece.CopyTo(_current.AsSpan(_used));
            _used += piece.Length;
            _length += piece.Length;
            octets = octets[piece.Length..];
        }
    }

    /// <summary>All octets in one block, which the caller owns; the buffer forgets them.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        ReadOnlyMemory<byte> taken = _full.Count == 0 ? _current.AsMemory(0, _used) : Join();
        Release();
        return taken;
    }

    /// <summary>Forgets everything.</summary>
    public void Release()
    {
        _full.Clear();
        _current = [];
        _used = 0;
        _length = 0;
    }

    private void Grow()
    {
        if (_full.Count == 0 && _expected > _length)
        {
            var wanted = _expected;
            while (wanted / TrustFactor > _length)
            {
                wanted /= TrustFactor;
            }

            var grown = Allocate(wanted);
            _current.AsSpan(0, _used).CopyTo(grown);
            _current = grown;
            return;
        }

        // Unannounced octets go into further chunks: doubling one block would take three times the size where joining takes two.
        _full.Add(_current);
        _current = Allocate(Math.Clamp(_length, FirstChunk, MaxChunk));
        _used = 0;
    }

    private byte[] Join()
    {
        var joined = Allocate(_length);
        var at = 0;
        foreach (var chunk in _full)
        {
            chunk.CopyTo(joined, at);
            at += chunk.Length;
        }

        _current.AsSpan(0, _used).CopyTo(joined.AsSpan(at));
        return joined;
    }

    private static byte[] Allocate(long length) => GC.AllocateUninitializedArray<byte>(checked((int)length));
}
