namespace SmimeGateway.Mime.Transfer;

/// <summary>The quoted-printable transfer encoding (RFC 2045 section 6.7), read leniently and written strictly.</summary>
public static class QuotedPrintable
{
    // 76 characters, the last of which is the soft line break.
    private const int MaxLineLength = 76;

    /// <summary>Decodes what can be decoded; an "=" that begins no escape stays as it is.</summary>
    public static byte[] Decode(ReadOnlySpan<byte> encoded)
    {
        var decoded = new byte[encoded.Length];
        var written = 0;
        while (!encoded.IsEmpty)
        {
            var feed = encoded.IndexOf((byte)'\n');
            var line = feed < 0 ? encoded : encoded[..feed];
            encoded = feed < 0 ? [] : encoded[(feed + 1)..];
            var hasReturn = feed >= 0 && line.EndsWith((byte)'\r');
            // Blanks before a line end were added on the way (RFC 2045 section 6.7, rule 3).
            line = (hasReturn ? line[..^1] : line).TrimEnd(" \t"u8);
            var isSoft = line.EndsWith((byte)'=');
            written += DecodeLine(isSoft ? line[..^1] : line, decoded.AsSpan(written));
            if (isSoft || feed < 0)
            {
                continue;
            }

            if (hasReturn)
            {
                decoded[written++] = (byte)'\r';
            }

            decoded[written++] = (byte)'\n';
        }

        return written == decoded.Length ? decoded : decoded[..written];
    }

    /// <summary>The octets that <see cref="Encode(ReadOnlySpan{byte}, Span{byte})"/> writes.</summary>
    public static long EncodedLength(ReadOnlySpan<byte> octets)
    {
        var writer = new QuotedPrintableWriter([], MaxLineLength);
        writer.Write(octets);
        return writer.Length;
    }

    /// <summary>
    /// Encodes so that any relay leaves it alone: CR LF stays a line end, every other CR and LF is escaped, and so are blanks before line
    /// ends and line starts that somebody could take for something else ("From ", "." and "--").
    /// </summary>
    public static void Encode(ReadOnlySpan<byte> octets, Span<byte> destination)
    {
        var writer = new QuotedPrintableWriter(destination, MaxLineLength);
        writer.Write(octets);
    }

    /// <summary>Encodes into an array of its own, as <see cref="Encode(ReadOnlySpan{byte}, Span{byte})"/> does.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> octets)
    {
        var encoded = new byte[EncodedLength(octets)];
        Encode(octets, encoded);
        return encoded;
    }

    /// <summary>
    /// Makes quoted-printable that would not survive transit into one that does and decodes to the same for every reader: its escapes and
    /// line breaks stay, the rest is escaped where it has to be. False where readers disagree already: blanks at the end of a line, which
    /// the RFC takes away and most programs do not, and an "=" that begins no escape.
    /// </summary>
    public static bool TryRepair(ReadOnlySpan<byte> encoded, out byte[] repaired)
    {
        repaired = [];
        var counting = new QuotedPrintableWriter([], MaxLineLength);
        if (!counting.TryRepair(encoded))
        {
            return false;
        }

        repaired = new byte[counting.Length];
        return new QuotedPrintableWriter(repaired, MaxLineLength).TryRepair(encoded);
    }

    /// <summary>The octet that two hexadecimal digits of either case stand for.</summary>
    internal static bool TryReadHex(byte high, byte low, out byte value)
    {
        var upper = HexValue(high);
        var lower = HexValue(low);
        value = (byte)((upper << 4) | lower);
        return upper < 16 && lower < 16;
    }

    private static int HexValue(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        _ => 16,
    };

    private static int DecodeLine(ReadOnlySpan<byte> line, Span<byte> destination)
    {
        var written = 0;
        while (true)
        {
            var escape = line.IndexOf((byte)'=');
            if (escape < 0)
            {
                line.CopyTo(destination[written..]);
                return written + line.Length;
            }

            line[..escape].CopyTo(destination[written..]);
            written += escape;
            line = line[escape..];
            if (line.Length >= 3 && TryReadHex(line[1], line[2], out var value))
            {
                destination[written++] = value;
                line = line[3..];
            }
            else
            {
                destination[written++] = (byte)'=';
                line = line[1..];
            }
        }
    }
}
