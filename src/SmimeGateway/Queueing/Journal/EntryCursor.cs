using System.Buffers.Binary;
using System.Text;
using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing.Journal;

/// <summary>Reads values of entries one after the other; false as soon as the bytes do not hold what is asked for.</summary>
internal ref struct EntryCursor(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>True when everything has been read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Reads one byte.</summary>
    public bool TryRead(out byte value)
    {
        if (_rest.IsEmpty)
        {
            value = 0;
            return false;
        }

        value = _rest[0];
        _rest = _rest[1..];
        return true;
    }

    /// <summary>Reads 32 bits.</summary>
    public bool TryRead(out int value)
    {
        if (!BinaryPrimitives.TryReadInt32LittleEndian(_rest, out value))
        {
            return false;
        }

        _rest = _rest[sizeof(int)..];
        return true;
    }

    /// <summary>Reads 64 bits.</summary>
    public bool TryRead(out long value)
    {
        if (!BinaryPrimitives.TryReadInt64LittleEndian(_rest, out value))
        {
            return false;
        }

        _rest = _rest[sizeof(long)..];
        return true;
    }

    /// <summary>Reads a path; false too when this release does not accept it as one.</summary>
    public bool TryRead(out MailPath? path)
    {
        path = null;
        if (!BinaryPrimitives.TryReadUInt16LittleEndian(_rest, out var length) || _rest.Length < sizeof(ushort) + length)
        {
            return false;
        }

        var text = _rest.Slice(sizeof(ushort), length);
        _rest = _rest[(sizeof(ushort) + length)..];
        if (length == 0)
        {
            path = MailPath.Null;
            return true;
        }

        try
        {
            return MailPath.TryParse(StrictUtf8.GetString(text), out path);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
