using System.Buffers;

namespace SmimeGateway.Mime.Fields;

/// <summary>
/// The lines of a header field, made such that every reader finds the same fields and every server takes them: no blank before the colon, no
/// line of blanks alone, none of more than 998 octets (RFC 5322 sections 2.1.1 and 4.2). What a field says stays as it is.
/// </summary>
internal static class FieldLines
{
    /// <summary>The longest line without its line end.</summary>
    private const int MaxLength = 998;

    // RFC 5322 section 2.1.1, without the line end.
    private const int GoodLength = 78;

    /// <summary>
    /// The field in lines that fit, itself where they do; null where it has a long line and none of the places where it may be folded, or a
    /// name that fills a line before its colon. Long lines are folded at their blanks, or else behind a comma, semicolon or angle bracket, or
    /// else, as relays have always done it, after 998 octets.
    /// </summary>
    public static HeaderField? Fit(HeaderField field, FoldPlaces places)
    {
        var raw = field.Raw.Span;
        if (Fits(raw, field.Name.Length))
        {
            return field;
        }

        // A name cannot be folded, and without its colon it is none.
        if (field.Name.Length >= MaxLength)
        {
            return null;
        }

        var written = new ArrayBufferWriter<byte>(raw.Length + 64);
        written.Write(raw[..field.Name.Length]);
        var rest = raw[(raw.Length - field.RawBody.Length - FieldSyntax.LineEndLength(raw) - 1)..];
        var indent = field.Name.Length;
        while (!rest.IsEmpty)
        {
            var feed = rest.IndexOf((byte)'\n');
            var line = feed < 0 ? rest : rest[..feed];
            line = line.EndsWith((byte)'\r') && feed >= 0 ? line[..^1] : line;
            rest = feed < 0 ? [] : rest[(feed + 1)..];
            if (!line.ContainsAnyExcept((byte)' ', (byte)'\t'))
            {
                continue;
            }

            if (indent + line.Length <= MaxLength)
            {
                written.Write(line);
            }
            else if (!TryFold(written, WithoutLongBlanks(line), indent, places))
            {
                return null;
            }

            written.Write("\r\n"u8);
            indent = 0;
        }

        return new HeaderField(written.WrittenSpan.ToArray());
    }

    private static bool Fits(ReadOnlySpan<byte> raw, int nameLength)
    {
        if (raw[nameLength] != ':')
        {
            return false;
        }

        while (!raw.IsEmpty)
        {
            var feed = raw.IndexOf((byte)'\n');
            var line = feed < 0 ? raw : raw[..feed];
            line = line.EndsWith((byte)'\r') ? line[..^1] : line;
            if (line.Length > MaxLength || !line.ContainsAnyExcept((byte)' ', (byte)'\t'))
            {
                return false;
            }

            raw = feed < 0 ? [] : raw[(feed + 1)..];
        }

        return true;
    }

    // Blanks by the hundred are nothing that anybody reads, and a line of them alone is none that may be written.
    private static ReadOnlySpan<byte> WithoutLongBlanks(ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd(" \t"u8);
        var kept = new byte[line.Length];
        var written = 0;
        while (!line.IsEmpty)
        {
            var text = line.IndexOfAnyExcept((byte)' ', (byte)'\t');
            var blanks = text < 0 ? line.Length : text;
            line[..(blanks < GoodLength ? blanks : 1)].CopyTo(kept.AsSpan(written));
            written += blanks < GoodLength ? blanks : 1;
            line = line[blanks..];
            var end = line.IndexOfAny((byte)' ', (byte)'\t');
            end = end < 0 ? line.Length : end;
            line[..end].CopyTo(kept.AsSpan(written));
            written += end;
            line = line[end..];
        }

        return kept.AsSpan(0, written);
    }

    private static bool TryFold(ArrayBufferWriter<byte> written, ReadOnlySpan<byte> line, int indent, FoldPlaces places)
    {
        while (indent + line.Length > GoodLength)
        {
            // The line goes on with its blank, or with one that is added where there is none, which only a line needs that is too long.
            var isTooLong = indent + line.Length > MaxLength;
            var cut = isTooLong ? FindPlace(line, indent, places) : FindBlank(line, line, indent);
            if (cut < 0 && isTooLong)
            {
                return false;
            }

            if (cut < 0)
            {
                break;
            }

            written.Write(line[..cut]);
            written.Write("\r\n"u8);
            line = line[cut..];
            indent = line[0] is (byte)' ' or (byte)'\t' ? 0 : 1;
            written.Write(" "u8[..indent]);
        }

        written.Write(line);
        return true;
    }

    private static int FindPlace(ReadOnlySpan<byte> line, int indent, FoldPlaces places)
    {
        // A blank may be the first octet behind the longest line.
        var window = line[..(MaxLength - indent + 1)];
        if (FindBlank(line, window, indent) is var blank and >= 0)
        {
            return blank;
        }

        var start = FirstWord(line);
        var word = line[start..].IndexOfAny((byte)' ', (byte)'\t');
        if (line[0] == ':' && (word < 0 ? line.Length - start : word) < MaxLength)
        {
            return 1;
        }

        window = window[..^1];
        var separator = places == FoldPlaces.Blanks ? -1 : LastSeparator(window, start, places == FoldPlaces.BehindIds);

        // The colon stays with its name, however little room that leaves behind it.
        return separator < 0 && places == FoldPlaces.Anywhere ? Math.Max(1, BeforeCharacter(line, window.Length)) : separator;
    }

    // Behind the first word, so that no line is left without text.
    private static int FindBlank(ReadOnlySpan<byte> line, ReadOnlySpan<byte> window, int indent)
    {
        var start = FirstWord(line);
        var near = Math.Min(window.Length, GoodLength - indent);
        var blank = start < near ? window[start..near].LastIndexOfAny((byte)' ', (byte)'\t') : -1;
        blank = blank < 0 && start < window.Length ? window[start..].IndexOfAny((byte)' ', (byte)'\t') : blank;
        return blank < 0 ? -1 : start + BeforeBlanks(line[start..], blank);
    }

    // The colon stands before the first word of all.
    private static int FirstWord(ReadOnlySpan<byte> line)
    {
        var begin = line[0] == ':' ? 1 : 0;
        return begin + line[begin..].IndexOfAnyExcept((byte)' ', (byte)'\t');
    }

    private static int BeforeBlanks(ReadOnlySpan<byte> line, int blank)
    {
        while (blank > 0 && line[blank - 1] is (byte)' ' or (byte)'\t')
        {
            blank--;
        }

        return blank;
    }

    // Not within quotes, where a blank would be one more of the text.
    private static int LastSeparator(ReadOnlySpan<byte> window, int start, bool endsIds)
    {
        var last = -1;
        var isQuoted = false;
        for (var i = start; i < window.Length; i++)
        {
            switch (window[i])
            {
                case (byte)'\\' when isQuoted:
                    i++;
                    break;
                case (byte)'"':
                    isQuoted = !isQuoted;
                    break;
                case (byte)'>' when !isQuoted:
                case (byte)',' or (byte)';' when !isQuoted && !endsIds:
                    last = i + 1;
                    break;
            }
        }

        return last;
    }

    private static int BeforeCharacter(ReadOnlySpan<byte> line, int cut)
    {
        // No more than three octets continue a character in UTF-8.
        for (var back = 0; back < 4; back++)
        {
            if ((line[cut - back] & 0xC0) != 0x80)
            {
                return cut - back;
            }
        }

        return cut;
    }
}

/// <summary>Where a line may be folded that is too long.</summary>
internal enum FoldPlaces
{
    /// <summary>Only at its blanks: of a text, one more would be seen.</summary>
    Blanks,

    /// <summary>Behind separators, too, where a blank means nothing; not inside an address, which would become another one.</summary>
    Separators,

    /// <summary>Behind the closing bracket of an identifier, too, but never inside one, which would become another one.</summary>
    BehindIds,

    /// <summary>Anywhere, where there is no better place.</summary>
    Anywhere,
}
