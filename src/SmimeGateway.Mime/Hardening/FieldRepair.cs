using System.Text.Unicode;
using SmimeGateway.Mime.Fields;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.Hardening;

/// <summary>Makes a header field survive transit with the least change that does.</summary>
internal static class FieldRepair
{
    // Real names have some thirty characters; a longer one could make its line too long by itself.
    private const int MaxNameLength = 200;

    /// <summary>Whether the field survives as it is.</summary>
    public static bool IsSafe(HeaderField field) => TransitScan.IsSafe(field.Raw.Span);

    /// <summary>Whether the field, or the one that HP-Outer tells of, has addresses that are not ASCII, which nothing else stands for (RFC 6532).</summary>
    public static bool HasOneForm(HeaderField field) =>
        AddressRepair.HoldsForeignAddresses(field.Is(OuterField.Name) ? OuterField.Read(field) : field);

    /// <summary>
    /// The field without blanks at line ends; where that is not enough, folded; where that is not enough, written anew: parameters as
    /// RFC 2231 encodes them, words that are not printable ASCII as RFC 2047 does. Null where some reader would read another thing then.
    /// </summary>
    public static byte[]? TryRepair(HeaderField field)
    {
        var trimmed = WithoutTrailingBlanks(field.Raw.Span);
        if (TransitScan.IsSafe(trimmed))
        {
            return trimmed;
        }

        // What is in no charset that anybody declared can be guessed alone (RFC 1428), and would be read as the guess from then on.
        if (!field.IsField || field.Name.Length > MaxNameLength || !Utf8.IsValid(field.Raw.Span) || !TransitScan.HasWholeLines(trimmed))
        {
            return null;
        }

        var repaired = field.Is("Content-Type") || field.Is("Content-Disposition") ? ParameterRepair.TryWrite(field)
            : WordRepair.IsPrintable(field.Body) ? FoldedField.Write(field.Name + ":", field.Body)
            : AddressRepair.IsAddressField(field) ? Fold(field, AddressRepair.Encode(field))
            : StructuredFields.Includes(field) ? null
            : FoldedField.Write(field.Name + ":", WordRepair.Encode(field.Body));
        return repaired is not null && TransitScan.IsSafe(repaired) ? repaired : null;
    }

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

    // A comment is where old programs write the name, and it is no part of an address that is composed.
    private static byte[]? Fold(HeaderField field, string? body) =>
        body is null || field.Body.Contains('(', StringComparison.Ordinal) ? null : FoldedField.Write(field.Name + ":", body);
}
