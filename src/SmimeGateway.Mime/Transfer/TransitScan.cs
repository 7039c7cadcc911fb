using System.Buffers;
using System.Text;

namespace SmimeGateway.Mime.Transfer;

/// <summary>
/// Decides in one pass whether bytes survive every relay: 7-bit without NUL, lines ended by CR LF, at most 998 octets long (RFC 5322
/// section 2.1.1), without blanks at their ends, and none that mbox writers would change.
/// </summary>
internal static class TransitScan
{
    /// <summary>The longest line without its line end.</summary>
    public const int MaxLineLength = 998;

    // Everything between two of these is harmless, so the search runs over whole vectors of text.
    private static readonly SearchValues<byte> Stops =
        SearchValues.Create([0, (byte)'\r', (byte)'\n', .. Enumerable.Range(0x80, 0x80).Select(octet => (byte)octet)]);

    private static readonly SearchValues<byte> TokenEnds = SearchValues.Create(" \t;=/\","u8);

    private static ReadOnlySpan<byte> EncodingName => "Content-Transfer-Encoding"u8;

    /// <summary>Whether these lines survive.</summary>
    public static bool IsSafe(ReadOnlySpan<byte> lines) => Scan(lines, minding: false);

    /// <summary>
    /// Whether these lines survive, and none of them labels a part as 8bit or binary: a relay that downgrades goes by the label, even
    /// where no octet is above 127. A line that only looks like a label costs a closer look, nothing else.
    /// </summary>
    public static bool IsSafeWithLabels(ReadOnlySpan<byte> lines) => Scan(lines, minding: true);

    /// <summary>Whether these are lines that end in CR LF, as a text in mail must have them (RFC 2046 section 4.1.1).</summary>
    public static bool HasWholeLines(ReadOnlySpan<byte> lines)
    {
        var stop = lines.IndexOfAny((byte)'\r', (byte)'\n', (byte)0);
        while (stop >= 0)
        {
            if (!lines[stop..].StartsWith("\r\n"u8))
            {
                return false;
            }

            lines = lines[(stop + 2)..];
            stop = lines.IndexOfAny((byte)'\r', (byte)'\n', (byte)0);
        }

        return true;
    }

    /// <summary>Whether a transfer encoding allows more than 7-bit lines, so that relays may change what it labels.</summary>
    public static bool IsWideLabel(string transferEncoding) => transferEncoding is "8bit" or "binary";

    private static bool Scan(ReadOnlySpan<byte> lines, bool minding)
    {
        while (true)
        {
            var stop = lines.IndexOfAny(Stops);
            var line = stop < 0 ? lines : lines[..stop];
            if (!IsSafeLine(line) || (minding && IsSuspectLabel(line)))
            {
                return false;
            }

            if (stop < 0)
            {
                return true;
            }

            if (lines[stop] != '\r' || stop + 1 == lines.Length || lines[stop + 1] != '\n')
            {
                return false;
            }

            lines = lines[(stop + 2)..];
        }
    }

    private static bool IsSafeLine(ReadOnlySpan<byte> line) =>
        line.Length <= MaxLineLength
        && (line.IsEmpty || (line[^1] is not ((byte)' ' or (byte)'\t') && (line[0] != 'F' || !line.StartsWith("From "u8))));

    private static bool IsSuspectLabel(ReadOnlySpan<byte> line)
    {
        if (line.Length < EncodingName.Length
            || (line[0] | 0x20) != 'c'
            || !Ascii.EqualsIgnoreCase(line[..EncodingName.Length], EncodingName))
        {
            return false;
        }

        // The value may stand on the next line, or have a comment before it.
        var value = line[EncodingName.Length..].Trim(" \t:"u8);
        return value.IsEmpty || value.Contains((byte)'(') || Ascii.EqualsIgnoreCase(value, "8bit"u8) || Ascii.EqualsIgnoreCase(value, "binary"u8)
            || value.ContainsAny(TokenEnds);
    }
}
