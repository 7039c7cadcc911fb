namespace SmimeGateway.Mime.Hardening;

/// <summary>Makes a header field survive transit with the least change that does.</summary>
internal static class FieldRepair
{
    // Real names have some thirty characters; a longer one is cut, so that its line cannot become too long by its name alone.
    private const int MaxNameLength = 200;

    /// <summary>Whether the field survives as it is.</summary>
    public static bool IsSafe(HeaderField field) => TransitScan.IsSafe(field.Raw.Span);

    /// <summary>
    /// The field without blanks at line ends; where that is not enough, written anew: parameters as RFC 2231 encodes them, words that
    /// are not printable ASCII as RFC 2047 does, folded.
    /// </summary>
    public static byte[] Repair(HeaderField field)
    {
        var trimmed = WithoutTrailingBlanks(field.Raw.Span);
        if (TransitScan.IsSafe(trimmed))
        {
            return trimmed;
        }

        if (!field.IsField)
        {
            return StrayLines.Write(trimmed);
        }

        return field.Is("Content-Type") || field.Is("Content-Disposition")
            ? ParameterRepair.Write(field, newBoundary: null)
            : FoldedField.Write(NameOf(field) + ":", AddressRepair.Encode(field) ?? WordRepair.Encode(field.Body));
    }

    private static string NameOf(HeaderField field) => field.Name.Length > MaxNameLength ? field.Name[..MaxNameLength] : field.Name;

    /// <summary>The lines without blanks at their ends, and whole line ends; relays may take the one and write the other.</summary>
    public static byte[] WithoutTrailingBlanks(ReadOnlySpan<byte> raw)
    {
        // A lone line feed becomes a whole line end.
        var kept = new byte[raw.Length + raw.Count((byte)'\n') + 2];
        var written = 0;
        while (!raw.IsEmpty)
        {
            var feed = raw.IndexOf((byte)'\n');
            var line = feed < 0 ? raw : raw[..feed];
            // Only the CR of the line end goes: one more is a character of the text, and could hide a delimiter behind it.
            line = (feed >= 0 && line.EndsWith((byte)'\r') ? line[..^1] : line).TrimEnd(" \t"u8);
            raw = feed < 0 ? [] : raw[(feed + 1)..];
            // A line of blanks alone would end the header once it is empty.
            if (line.IsEmpty)
            {
                continue;
            }

            line.CopyTo(kept.AsSpan(written));
            written += line.Length;
            "\r\n"u8.CopyTo(kept.AsSpan(written));
            written += 2;
        }

        return kept[..written];
    }
}
