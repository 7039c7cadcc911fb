namespace SmimeGateway.Mime.Hardening;

/// <summary>Makes a header field survive transit with the least change that does.</summary>
internal static class FieldRepair
{
    /// <summary>Whether the field survives as it is.</summary>
    public static bool IsSafe(HeaderField field) => TransitScan.IsSafe(field.Raw.Span);

    /// <summary>
    /// The field without blanks at line ends; where that is not enough, written anew: parameters as RFC 2231 encodes them, words that
    /// are not printable ASCII as RFC 2047 does, folded. A line that is no field and cannot survive is left out.
    /// </summary>
    public static byte[] Repair(HeaderField field)
    {
        if (!field.IsField)
        {
            return [];
        }

        var trimmed = WithoutTrailingBlanks(field.Raw.Span);
        if (TransitScan.IsSafe(trimmed))
        {
            return trimmed;
        }

        return field.Is("Content-Type") || field.Is("Content-Disposition")
            ? ParameterRepair.Write(field, newBoundary: null)
            : FoldedField.Write(field.Name, AddressRepair.Encode(field) ?? WordRepair.Encode(field.Body));
    }

    private static byte[] WithoutTrailingBlanks(ReadOnlySpan<byte> raw)
    {
        var kept = new byte[raw.Length + 2];
        var written = 0;
        while (!raw.IsEmpty)
        {
            var feed = raw.IndexOf((byte)'\n');
            var line = (feed < 0 ? raw : raw[..feed]).TrimEnd(" \t\r"u8);
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
