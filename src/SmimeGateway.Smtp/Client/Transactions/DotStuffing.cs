namespace SmimeGateway.Smtp.Client.Transactions;

/// <summary>Finds the places where the transparency of RFC 5321 section 4.5.2 doubles a dot.</summary>
internal static class DotStuffing
{
    /// <summary>
    /// The index at or after <paramref name="from"/> of the next dot that begins a line, or the length when there is none;
    /// <paramref name="before"/> is what precedes the first octet.
    /// </summary>
    public static int NextLeadingDot(ReadOnlySpan<byte> content, int from, LineBreak before)
    {
        if (from == 0 && before != LineBreak.None && content.StartsWith(before == LineBreak.Whole ? "."u8 : "\n."u8))
        {
            return before == LineBreak.Whole ? 0 : 1;
        }

        // Two octets back, as the line end before a dot at the start of the rest counts.
        var start = Math.Max(0, from - 2);
        var found = content[start..].IndexOf("\r\n."u8);
        return found < 0 ? content.Length : start + found + 2;
    }

    /// <summary>How octets end that stand behind others.</summary>
    public static LineBreak After(this LineBreak before, ReadOnlySpan<byte> octets) => octets switch
    {
        [] => before,
        [.., (byte)'\r'] => LineBreak.Half,
        [.., (byte)'\r', (byte)'\n'] => LineBreak.Whole,
        [(byte)'\n'] when before == LineBreak.Half => LineBreak.Whole,
        _ => LineBreak.None,
    };
}

/// <summary>How much of a line end the octets end with.</summary>
internal enum LineBreak
{
    /// <summary>Nothing of it.</summary>
    None,

    /// <summary>CR.</summary>
    Half,

    /// <summary>CR LF.</summary>
    Whole,
}
