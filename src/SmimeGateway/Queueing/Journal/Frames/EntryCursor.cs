using System.Buffers.Binary;
using System.Text;
using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing.Journal.Frames;

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

    /// <summary>Reads 16 bits.</summary>
    public bool TryRead(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16LittleEndian(_rest, out value))
        {
            return false;
        }

        _rest = _rest[sizeof(ushort)..];
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
        if (!TryReadBytes(out var text))
        {
            return false;
        }

        if (text.IsEmpty)
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

    /// <summary>
    /// Reads a parameter of MAIL or RCPT. One that could not stand on a command line, or is too long, is as good as none: the mail goes out
    /// without it.
    /// </summary>
    public bool TryReadParameter(int maxLength, out string? value)
    {
        value = null;
        if (!TryReadBytes(out var text))
        {
            return false;
        }

        if (!text.IsEmpty && !text.ContainsAnyInRange((byte)0, (byte)' ') && !text.Contains((byte)0x7F)
            && Encoding.UTF8.GetString(text) is var found && found.Length <= maxLength)
        {
            value = found;
        }

        return true;
    }

    /// <summary>Reads a text for people, with a question mark for every control character; null when it is empty.</summary>
    public bool TryReadText(int maxLength, out string? value)
    {
        value = null;
        if (!TryReadBytes(out var text))
        {
            return false;
        }

        if (!text.IsEmpty)
        {
            var characters = Encoding.UTF8.GetString(text).AsSpan();
            value = string.Create(Math.Min(characters.Length, maxLength), characters, static (printable, raw) =>
            {
                for (var i = 0; i < printable.Length; i++)
                {
                    printable[i] = char.IsControl(raw[i]) ? '?' : raw[i];
                }
            });
        }

        return true;
    }

    private bool TryReadBytes(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!TryRead(out ushort length) || _rest.Length < length)
        {
            return false;
        }

        text = _rest[..length];
        _rest = _rest[length..];
        return true;
    }
}
