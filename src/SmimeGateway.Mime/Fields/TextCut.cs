using System.Text;

namespace SmimeGateway.Mime.Fields;

/// <summary>Takes parts of the text of an unstructured field (RFC 5322 section 3.2.5) out of it.</summary>
internal static class TextCut
{
    // A line that holds an encoded word (RFC 2047 section 2); 78 is for all others (RFC 5322 section 2.1.1).
    private const int EncodedLineLength = 76;
    private const int GoodLineLength = 78;

    // A longer word would not fit a line with the name of the field before it.
    private const int MaxWordLength = 700;

    /// <summary>The field without the parts of its text; they are in order and do not overlap.</summary>
    public static HeaderField Apply(HeaderField field, IReadOnlyList<Range> parts)
    {
        var whole = OfWholeCharacters(field.Text, parts);
        return field.Text == field.Body ? CutRaw(field, whole) : Encode(field, whole);
    }

    // Half a surrogate pair has no octets to cut.
    private static List<(int Start, int Length)> OfWholeCharacters(string text, IReadOnlyList<Range> parts)
    {
        var whole = new List<(int, int)>(parts.Count);
        var from = 0;
        foreach (var part in parts)
        {
            var (start, length) = part.GetOffsetAndLength(text.Length);
            var end = start + length;
            start -= start > 0 && start < text.Length && char.IsLowSurrogate(text[start]) ? 1 : 0;
            end += end < text.Length && char.IsLowSurrogate(text[end]) ? 1 : 0;
            whole.Add((Math.Max(start, from), Math.Max(end - Math.Max(start, from), 0)));
            from = Math.Max(end, from);
        }

        return whole;
    }

    // Nothing but the octets of the parts goes, with the folds inside them.
    private static HeaderField CutRaw(HeaderField field, List<(int Start, int Length)> parts)
    {
        var raw = field.RawBody.Span.TrimEnd(" \t\r\n"u8);
        var blanks = raw.Length - raw.TrimStart(" \t\r\n"u8).Length;
        var places = PlacesOfText(raw, blanks);
        var kept = new List<byte>(raw.Length);
        var from = blanks;
        foreach (var (offset, length) in parts)
        {
            var start = field.BodyEncoding.GetByteCount(field.Body.AsSpan(0, offset));
            var end = start + field.BodyEncoding.GetByteCount(field.Body.AsSpan(offset, length));
            // A fold before the part goes with it: the line it opens could be left without text, which would end the header.
            kept.AddRange(raw[from..(start == 0 ? blanks : places[start - 1] + 1)]);
            from = end == 0 ? blanks : places[end - 1] + 1;
        }

        kept.AddRange(raw[from..]);
        var name = field.Raw.Span[..^(field.RawBody.Length + FieldSyntax.LineEndLength(field.Raw.Span))];
        var text = WithoutBlankLines(kept.ToArray().AsSpan().Trim(" \t\r\n"u8));
        var before = text.IsEmpty ? [] : raw[..blanks].Count((byte)'\n') > 1 ? " "u8 : raw[..blanks];
        var written = new HeaderField((byte[])[.. name, .. before, .. text, .. "\r\n"u8]);
        return LongestLine(written) <= Math.Max(GoodLineLength, LongestLine(field)) ? written : Refold(written);
    }

    // What is left of a line may be its blanks alone, which some take for the end of the header (RFC 5322 section 3.2.2).
    private static ReadOnlySpan<byte> WithoutBlankLines(ReadOnlySpan<byte> text)
    {
        var lines = new List<byte>(text.Length);
        foreach (var range in text.Split((byte)'\n'))
        {
            if (!text[range].Trim(" \t\r"u8).IsEmpty)
            {
                lines.AddRange(text[range.Start..Math.Min(range.End.Value + 1, text.Length)]);
            }
        }

        return lines.ToArray();
    }

    // Where each octet of the unfolded text stands among the folds.
    private static int[] PlacesOfText(ReadOnlySpan<byte> raw, int start)
    {
        var places = new List<int>(raw.Length);
        for (var i = start; i < raw.Length; i++)
        {
            var isFold = raw[i] == '\n' || (raw[i] == '\r' && i + 1 < raw.Length && raw[i + 1] == '\n');
            if (!isFold)
            {
                places.Add(i);
            }
        }

        return [.. places];
    }

    private static HeaderField Encode(HeaderField field, List<(int Start, int Length)> parts)
    {
        var text = new StringBuilder(field.Text.Length);
        var from = 0;
        foreach (var (offset, length) in parts)
        {
            text.Append(field.Text, from, offset - from);
            from = offset + length;
        }

        return Write(field.Name, WithoutControls(text.Append(field.Text, from, field.Text.Length - from)).Trim());
    }

    // Encoded words may hold line ends, which mean nothing in a text of one line and a new field to those who decode carelessly.
    private static string WithoutControls(StringBuilder text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var chunk in text.GetChunks())
        {
            foreach (var character in chunk.Span)
            {
                _ = character == '\t' ? clean.Append(' ') : char.IsControl(character) ? clean : clean.Append(character);
            }
        }

        return clean.ToString();
    }

    private static HeaderField Write(string name, string text)
    {
        if (text.Length == 0)
        {
            return new HeaderField(Encoding.ASCII.GetBytes($"{name}:\r\n"));
        }

        if (IsPlain(text))
        {
            return new HeaderField(FoldedField.Write(name + ":", text));
        }

        // The first word shares its line with the name.
        return new HeaderField(FoldedField.Write(name + ":", EncodedWords.Encode(text, EncodedLineLength - name.Length - 2)));
    }

    // What looks like an encoded word without being one has to be encoded, and so have blanks that folding would join.
    private static bool IsPlain(string text) =>
        !text.AsSpan().ContainsAnyExceptInRange(' ', '~')
        && !text.Contains("=?", StringComparison.Ordinal)
        && !text.Contains("  ", StringComparison.Ordinal)
        && text.Split(' ').All(word => word.Length <= MaxWordLength);

    // Octets that are not ASCII stay as they are, so the folding is that of octets too.
    private static HeaderField Refold(HeaderField field)
    {
        var written = new List<byte>(field.Raw.Length + 64);
        written.AddRange(field.Raw.Span[..^(field.RawBody.Length + 2)]);
        var column = written.Count;
        var text = FieldSyntax.Unfold(field.RawBody.Span);
        foreach (var range in text.Split((byte)' '))
        {
            var word = text[range];
            if (column + 1 + word.Length > GoodLineLength && !word.IsEmpty && column > field.Name.Length + 1)
            {
                written.AddRange("\r\n"u8);
                column = 0;
            }

            written.Add((byte)' ');
            written.AddRange(word);
            column += word.Length + 1;
        }

        written.AddRange("\r\n"u8);
        return new HeaderField(written.ToArray());
    }

    private static int LongestLine(HeaderField field)
    {
        var longest = 0;
        foreach (var line in field.Raw.Span.Split((byte)'\n'))
        {
            longest = Math.Max(longest, line.End.Value - line.Start.Value);
        }

        return longest;
    }
}
