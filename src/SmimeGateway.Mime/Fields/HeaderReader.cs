using System.Diagnostics.CodeAnalysis;

namespace SmimeGateway.Mime.Fields;

/// <summary>Cuts the header section off an entity: everything up to the first empty line (RFC 5322 section 2.1).</summary>
internal static class HeaderReader
{
    /// <summary>
    /// Reads the fields; <paramref name="bodyStart"/> is the octet after the empty line, or the end where there is none. A lone LF ends a
    /// line as CR LF does, so that content decrypted from careless senders is read as their recipients read it.
    /// </summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> entity,
        MimeLimits limits,
        [NotNullWhen(true)] out HeaderSection? header,
        out int bodyStart,
        [NotNullWhen(false)] out MimeFault? fault)
    {
        header = null;
        var span = entity.Span;
        var fields = new List<HeaderField>(24);
        var fieldStart = 0;
        var position = 0;
        bodyStart = entity.Length;
        while (position < span.Length)
        {
            var feed = span[position..].IndexOf((byte)'\n');
            var lineEnd = feed < 0 ? span.Length : position + feed + 1;
            if (lineEnd > limits.MaxHeaderBytes)
            {
                fault = new MimeFault($"the header section has more than {limits.MaxHeaderBytes} octets", position);
                return false;
            }

            if (IsEmptyLine(span[position..lineEnd]))
            {
                bodyStart = lineEnd;
                break;
            }

            var startsField = span[position] is not ((byte)' ' or (byte)'\t');
            if (startsField && position > fieldStart)
            {
                Add(fields, entity, fieldStart, position);
                fieldStart = position;
            }

            if (fields.Count >= limits.MaxHeaderFields)
            {
                fault = new MimeFault($"the header section has more than {limits.MaxHeaderFields} fields", position);
                return false;
            }

            position = lineEnd;
        }

        if (position > fieldStart)
        {
            Add(fields, entity, fieldStart, position);
        }

        header = new HeaderSection(entity[..position], [.. fields]);
        fault = null;
        return true;
    }

    private static void Add(List<HeaderField> fields, ReadOnlyMemory<byte> entity, int start, int end)
    {
        var field = new HeaderField(entity[start..end]);
        if (!field.IsField && fields.Count > 0 && !fields[^1].IsField)
        {
            // Text where a header should be counts as one thing, however many lines it has.
            fields[^1] = new HeaderField(entity[(start - fields[^1].Raw.Length)..end]);
            return;
        }

        fields.Add(field);
    }

    private static bool IsEmptyLine(ReadOnlySpan<byte> line) =>
        line.Length == 1 ? line[0] == '\n' : line.Length == 2 && line[0] == '\r' && line[1] == '\n';
}
