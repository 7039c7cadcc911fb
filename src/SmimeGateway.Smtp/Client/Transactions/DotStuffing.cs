namespace SmimeGateway.Smtp.Client.Transactions;

/// <summary>Finds the places where the transparency of RFC 5321 section 4.5.2 doubles a dot.</summary>
internal static class DotStuffing
{
    /// <summary>The index at or after <paramref name="from"/> of the next dot that begins a line, or the length when there is none.</summary>
    public static int NextLeadingDot(ReadOnlySpan<byte> content, int from)
    {
        if (from == 0 && !content.IsEmpty && content[0] == '.')
        {
            return 0;
        }

        // Two octets back, as the line end before a dot at the start of the rest counts.
        var start = Math.Max(0, from - 2);
        var found = content[start..].IndexOf("\r\n."u8);
        return found < 0 ? content.Length : start + found + 2;
    }
}
