namespace SmimeGateway.Mime.Structure;

/// <summary>
/// Finds delimiter lines. Searching for the line feed together with the boundary makes every candidate fail within its own line, so that
/// a body of near misses costs no more than reading it.
/// </summary>
internal readonly ref struct DelimiterSearch(ReadOnlySpan<byte> body, byte[] boundary)
{
    private readonly ReadOnlySpan<byte> _body = body;
    private readonly byte[] _pattern = [(byte)'\n', (byte)'-', (byte)'-', .. boundary];

    /// <summary>The next delimiter whose line starts at or after a place that is the start of a line.</summary>
    public bool TryFindNext(int from, out Delimiter delimiter)
    {
        // The start of a body has no line feed before it, and neither does a line right after a delimiter within this search.
        if (_body[from..].StartsWith(_pattern.AsSpan(1)) && TryReadLine(from, from, out delimiter))
        {
            return true;
        }

        var position = from;
        while (true)
        {
            var found = _body[position..].IndexOf(_pattern);
            if (found < 0)
            {
                delimiter = default;
                return false;
            }

            var feed = position + found;
            var start = feed > from && _body[feed - 1] == '\r' ? feed - 1 : feed;
            if (TryReadLine(start, feed + 1, out delimiter))
            {
                return true;
            }

            position = feed + 1;
        }
    }

    private bool TryReadLine(int start, int lineStart, out Delimiter delimiter)
    {
        var rest = _body[(lineStart + _pattern.Length - 1)..];
        var isClose = rest.StartsWith("--"u8);
        if (isClose)
        {
            rest = rest[2..];
        }

        var feed = rest.IndexOf((byte)'\n');
        delimiter = new Delimiter(start, feed < 0 ? _body.Length : _body.Length - rest.Length + feed + 1, isClose);
        // Blanks, and whatever follows them, may stand behind the boundary (RFC 2046 section 5.1.1); anything else makes it the longer
        // boundary of another multipart.
        return rest.IsEmpty || rest[0] is (byte)' ' or (byte)'\t' or (byte)'\n' || rest.StartsWith("\r\n"u8);
    }
}

/// <summary>A delimiter line of a multipart body.</summary>
/// <param name="Start">Where the line end before it begins, or the line itself at the very start of a body.</param>
/// <param name="End">The octet after the line and its line end.</param>
/// <param name="IsClose">Whether it closes the multipart.</param>
internal readonly record struct Delimiter(int Start, int End, bool IsClose);
