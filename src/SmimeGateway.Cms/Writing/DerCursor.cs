using System.Numerics;

namespace SmimeGateway.Cms.Writing;

/// <summary>Writes DER whose lengths are known beforehand into a buffer of exactly the right size, front to back.</summary>
internal ref struct DerCursor(Span<byte> destination)
{
    private const byte LongForm = 0x80;
    private const int ShortFormLimit = 0x80;

    private Span<byte> _rest = destination;

    /// <summary>The size of an element with a one-byte tag and so much content.</summary>
    public static long Sized(long contentLength) => 1 + LengthOctets(contentLength) + contentLength;

    /// <summary>The size of the tag and length octets before so much content.</summary>
    public static int HeaderSize(long contentLength) => 1 + LengthOctets(contentLength);

    /// <summary>Writes tag and length.</summary>
    public void WriteHeader(byte tag, long contentLength)
    {
        _rest[0] = tag;
        var octets = LengthOctets(contentLength);
        if (octets == 1)
        {
            _rest[1] = (byte)contentLength;
        }
        else
        {
            _rest[1] = (byte)(LongForm | (octets - 1));
            for (var at = octets; at > 1; at--)
            {
                _rest[at] = (byte)contentLength;
                contentLength >>= 8;
            }
        }

        _rest = _rest[(1 + octets)..];
    }

    /// <summary>Writes what is encoded already.</summary>
    public void Write(scoped ReadOnlySpan<byte> encoded)
    {
        encoded.CopyTo(_rest);
        _rest = _rest[encoded.Length..];
    }

    /// <summary>Leaves room that the caller fills.</summary>
    public Span<byte> Leave(int length)
    {
        var room = _rest[..length];
        _rest = _rest[length..];
        return room;
    }

    /// <summary>Writes what is encoded already under another one-byte tag.</summary>
    public void WriteRetagged(byte tag, ReadOnlySpan<byte> encoded)
    {
        _rest[0] = tag;
        encoded[1..].CopyTo(_rest[1..]);
        _rest = _rest[encoded.Length..];
    }

    private static int LengthOctets(long contentLength) =>
        contentLength < ShortFormLimit ? 1 : 1 + ((64 - BitOperations.LeadingZeroCount((ulong)contentLength) + 7) / 8);
}
