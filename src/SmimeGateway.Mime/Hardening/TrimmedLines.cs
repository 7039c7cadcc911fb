namespace SmimeGateway.Mime.Hardening;

/// <summary>Lines without blanks at their ends.</summary>
internal static class TrimmedLines
{
    /// <summary>The lines, each with the line end it had. A line of blanks alone becomes an empty one, or stays.</summary>
    public static byte[] Of(ReadOnlySpan<byte> lines, bool emptiesBlankLines)
    {
        var kept = new byte[lines.Length];
        var written = 0;
        while (!lines.IsEmpty)
        {
            var end = lines.IndexOf("\r\n"u8);
            var line = end < 0 ? lines : lines[..end];
            var trimmed = line.TrimEnd(" \t"u8);
            if (trimmed.IsEmpty && !emptiesBlankLines)
            {
                trimmed = line;
            }

            trimmed.CopyTo(kept.AsSpan(written));
            written += trimmed.Length;
            lines = lines[line.Length..];
            if (end >= 0)
            {
                "\r\n"u8.CopyTo(kept.AsSpan(written));
                written += 2;
                lines = lines[2..];
            }
        }

        return kept[..written];
    }
}
