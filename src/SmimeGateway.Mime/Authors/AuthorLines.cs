namespace SmimeGateway.Mime.Authors;

/// <summary>
/// The lines of a message that programs take for a field that names an author: the fields as the RFC has them, and whether there are
/// others that only lenient programs take for one. All is searched that somebody may take for the header: up to the first empty line.
/// </summary>
public sealed class AuthorLines
{
    private AuthorLines(IReadOnlyList<HeaderField> fields, bool hasHidden)
    {
        Fields = fields;
        HasHidden = hasHidden;
    }

    /// <summary>The fields, in their order.</summary>
    public IReadOnlyList<HeaderField> Fields { get; }

    /// <summary>
    /// Whether another line has the name among blanks, control characters or characters that are not ASCII, or folded away from its colon.
    /// </summary>
    public bool HasHidden { get; }

    /// <summary>Searches a message.</summary>
    public static AuthorLines Find(Entity message, string name)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(name);
        var fields = new List<HeaderField>(1);
        var hasHidden = false;
        var raw = message.Raw;
        var start = 0;
        while (start < raw.Length && raw.Span[start] is not ((byte)'\r' or (byte)'\n'))
        {
            var end = EndOfField(raw.Span, start);
            var line = raw[start..end];
            if (MeansName(line.Span, name))
            {
                var field = new HeaderField(line);
                hasHidden |= !field.Is(name);
                fields.Add(field);
            }

            start = end;
        }

        return new AuthorLines(hasHidden ? [.. fields.Where(field => field.Is(name))] : fields, hasHidden);
    }

    // A line and those after it that begin with a blank. A lone CR ends a line to some.
    private static int EndOfField(ReadOnlySpan<byte> raw, int start)
    {
        while (true)
        {
            var end = raw[start..].IndexOfAny((byte)'\r', (byte)'\n');
            if (end < 0)
            {
                return raw.Length;
            }

            start += end + (raw[(start + end)..].StartsWith("\r\n"u8) ? 2 : 1);
            if (start >= raw.Length || raw[start] is not ((byte)' ' or (byte)'\t'))
            {
                return start;
            }
        }
    }

    private static bool MeansName(ReadOnlySpan<byte> line, string name)
    {
        var matched = 0;
        foreach (var octet in line)
        {
            if (octet == ':')
            {
                return matched == name.Length;
            }

            if (octet is <= (byte)' ' or >= 0x7F)
            {
                continue;
            }

            if (matched == name.Length || (octet | 0x20) != (name[matched] | 0x20))
            {
                return false;
            }

            matched++;
        }

        return false;
    }
}
