namespace SmimeGateway.Mime.Structure;

/// <summary>Where the parts of a multipart body are (RFC 2046 section 5.1.1). The line end before a delimiter belongs to the delimiter.</summary>
/// <param name="Preamble">What stands before the first delimiter; the whole body where there is none.</param>
/// <param name="Parts">The parts in their order.</param>
/// <param name="Epilogue">What stands after the line of the close delimiter; empty where there is none.</param>
/// <param name="IsClosed">Whether a close delimiter is there; else the last part reaches to the end.</param>
internal sealed record MultipartLayout(Range Preamble, IReadOnlyList<Range> Parts, Range Epilogue, bool IsClosed)
{
    /// <summary>Reads a body once from front to end; it stops one part beyond the limit, which the reader of the parts then notices.</summary>
    public static MultipartLayout Read(ReadOnlySpan<byte> body, byte[] boundary, int maxParts)
    {
        var search = new DelimiterSearch(body, boundary);
        var parts = new List<Range>();
        if (!search.TryFindNext(0, out var delimiter))
        {
            return new MultipartLayout(..body.Length, parts, body.Length..body.Length, IsClosed: false);
        }

        var preamble = ..delimiter.Start;
        while (!delimiter.IsClose)
        {
            var start = delimiter.End;
            if (parts.Count > maxParts || !search.TryFindNext(start, out delimiter))
            {
                parts.Add(start..body.Length);
                return new MultipartLayout(preamble, parts, body.Length..body.Length, IsClosed: false);
            }

            // Two delimiter lines in a row share one line end: the part between them is empty, not negative.
            parts.Add(start..Math.Max(start, delimiter.Start));
        }

        return new MultipartLayout(preamble, parts, delimiter.End..body.Length, IsClosed: true);
    }
}
