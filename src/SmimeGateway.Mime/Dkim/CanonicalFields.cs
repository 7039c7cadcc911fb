using System.Buffers;

namespace SmimeGateway.Mime.Dkim;

/// <summary>The header fields of a message as a DKIM signature covers them (RFC 6376 sections 3.4.1, 3.4.2 and 5.4.2).</summary>
internal static class CanonicalFields
{
    /// <summary>Writes the fields that the names choose: of several of one name the last first. A name that is used up chooses nothing.</summary>
    public static void Write(IBufferWriter<byte> to, HeaderSection header, IEnumerable<string> names, Canonicalization form)
    {
        var left = new Dictionary<string, Stack<HeaderField>>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in header)
        {
            if (field.IsField)
            {
                if (!left.TryGetValue(field.Name, out var same))
                {
                    left[field.Name] = same = new Stack<HeaderField>(1);
                }

                same.Push(field);
            }
        }

        foreach (var name in names)
        {
            if (left.TryGetValue(name, out var same) && same.TryPop(out var field))
            {
                Write(to, field.Raw.Span, form);
                to.Write("\r\n"u8);
            }
        }
    }

    /// <summary>Writes one field without its line end.</summary>
    public static void Write(IBufferWriter<byte> to, ReadOnlySpan<byte> field, Canonicalization form)
    {
        if (field.EndsWith("\n"u8))
        {
            field = field[..^1];
            field = field.EndsWith("\r"u8) ? field[..^1] : field;
        }

        if (form == Canonicalization.Simple)
        {
            to.Write(field);
            return;
        }

        var colon = field.IndexOf((byte)':');
        var name = field[..colon].TrimEnd(" \t"u8);
        var target = to.GetSpan(field.Length);
        var length = 0;
        foreach (var octet in name)
        {
            target[length++] = octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;
        }

        target[length++] = (byte)':';
        to.Advance(length + WriteRelaxed(target[length..], field[(colon + 1)..]));
    }

    // Folds are gone, and blanks are one where they stand between words.
    private static int WriteRelaxed(Span<byte> target, ReadOnlySpan<byte> body)
    {
        var length = 0;
        var isBlankDue = false;
        for (var i = 0; i < body.Length; i++)
        {
            switch (body[i])
            {
                case (byte)'\n':
                case (byte)'\r' when i + 1 < body.Length && body[i + 1] == '\n':
                    break;
                case (byte)' ' or (byte)'\t':
                    isBlankDue = length > 0;
                    break;
                case var octet:
                    if (isBlankDue)
                    {
                        target[length++] = (byte)' ';
                        isBlankDue = false;
                    }

                    target[length++] = octet;
                    break;
            }
        }

        return length;
    }
}
