using System.Buffers;

namespace SmimeGateway.Mime.Fields;

/// <summary>The bytes of a header field: where its name and body are, and where its lines end.</summary>
internal static class FieldSyntax
{
    // ftext of RFC 5322 section 3.6.8: printable ASCII without the colon.
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create(
        "!\"#$%&'()*+,-./0123456789;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    /// <summary>The length of the name, or 0 where the bytes are no field; the body starts after the colon, or at 0.</summary>
    public static int NameLength(ReadOnlySpan<byte> raw, out int bodyStart)
    {
        bodyStart = 0;
        var length = raw.IndexOfAnyExcept(NameBytes);
        if (length <= 0)
        {
            return 0;
        }

        var colon = length;
        // Blanks before the colon are obsolete syntax (RFC 5322 section 4.5) that must still be read.
        while (colon < raw.Length && raw[colon] is (byte)' ' or (byte)'\t')
        {
            colon++;
        }

        if (colon == raw.Length || raw[colon] != ':')
        {
            return 0;
        }

        bodyStart = colon + 1;
        return length;
    }

    /// <summary>Whether a field begins with this line: a name, a colon behind it.</summary>
    public static bool IsField(ReadOnlySpan<byte> line) => NameLength(line, out _) > 0;

    /// <summary>Whether this is the line that a mailbox file puts before each of its messages (RFC 4155), or one that was quoted there.</summary>
    public static bool IsMailboxLine(ReadOnlySpan<byte> line) => line.TrimStart((byte)'>').StartsWith("From "u8);

    /// <summary>Whether nothing stands in the line, not even a blank.</summary>
    public static bool IsEmptyLine(ReadOnlySpan<byte> line) =>
        line.Length == 1 ? line[0] == '\n' : line.Length == 2 && line[0] == '\r' && line[1] == '\n';

    /// <summary>The length of the line end the bytes close with: 2 for CR LF, 1 for a lone LF, 0 for none.</summary>
    public static int LineEndLength(ReadOnlySpan<byte> bytes) =>
        !bytes.EndsWith((byte)'\n') ? 0 : bytes.Length > 1 && bytes[^2] == '\r' ? 2 : 1;

    /// <summary>The body in one line, without blanks around it. A CR that no LF follows stays, to be refused where it matters.</summary>
    public static ReadOnlySpan<byte> Unfold(ReadOnlySpan<byte> body)
    {
        body = body.Trim(" \t\r\n"u8);
        var fold = body.IndexOf((byte)'\n');
        if (fold < 0)
        {
            return body;
        }

        var unfolded = new byte[body.Length];
        var written = 0;
        while (fold >= 0)
        {
            var line = body[..fold];
            if (line.EndsWith((byte)'\r'))
            {
                line = line[..^1];
            }

            line.CopyTo(unfolded.AsSpan(written));
            written += line.Length;
            body = body[(fold + 1)..];
            fold = body.IndexOf((byte)'\n');
        }

        body.CopyTo(unfolded.AsSpan(written));
        return unfolded.AsSpan(0, written + body.Length);
    }
}
