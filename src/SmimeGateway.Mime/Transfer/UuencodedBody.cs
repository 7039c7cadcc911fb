namespace SmimeGateway.Mime.Transfer;

/// <summary>The old uuencode transfer encoding (POSIX.1, "uuencode"), which mail still names x-uuencode: read only.</summary>
internal static class UuencodedBody
{
    /// <summary>The data between "begin" and "end"; empty where there is no "begin".</summary>
    public static byte[] Decode(ReadOnlySpan<byte> body)
    {
        var decoded = new byte[body.Length];
        var written = 0;
        var isInside = false;
        while (!body.IsEmpty)
        {
            var feed = body.IndexOf((byte)'\n');
            var line = (feed < 0 ? body : body[..feed]).TrimEnd("\r"u8);
            body = feed < 0 ? [] : body[(feed + 1)..];
            if (!isInside)
            {
                isInside = line.StartsWith("begin "u8);
                continue;
            }

            if (line.IsEmpty || Value(line[0]) == 0)
            {
                break;
            }

            written += DecodeLine(line, decoded.AsSpan(written));
        }

        return decoded[..written];
    }

    private static int DecodeLine(ReadOnlySpan<byte> line, Span<byte> destination)
    {
        var length = Value(line[0]);
        var written = 0;
        for (var i = 1; written < length && i < line.Length; i += 4)
        {
            // Blanks at the end of a line stand for zeros and are often cut off on the way.
            var group = (At(line, i) << 18) | (At(line, i + 1) << 12) | (At(line, i + 2) << 6) | At(line, i + 3);
            for (var shift = 16; shift >= 0 && written < length && written < destination.Length; shift -= 8)
            {
                destination[written++] = (byte)(group >> shift);
            }

            if (written == destination.Length)
            {
                break;
            }
        }

        return written;
    }

    private static int At(ReadOnlySpan<byte> line, int index) => index < line.Length ? Value(line[index]) : 0;

    private static int Value(byte character) => (character - 32) & 63;
}
