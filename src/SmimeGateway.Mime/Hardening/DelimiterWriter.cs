using SmimeGateway.Mime.Structure;

namespace SmimeGateway.Mime.Hardening;

/// <summary>Writes the delimiter lines of a multipart: as they came, without the blanks that relays put there (RFC 2046 section 5.1.1).</summary>
internal sealed class DelimiterWriter(BytePieces pieces, Entity multipart)
{
    /// <summary>The longest boundary that survives: with the name of the parameter around it, it fits a line.</summary>
    public const int MaxBoundaryLength = 900;

    /// <summary>Writes the delimiter that stands at this place of the body; false where not everybody takes it for one.</summary>
    public bool TryWrite(Range place, bool isClose)
    {
        var line = multipart.Body[place];
        var span = line.Span;
        var text = (span.StartsWith("\r\n"u8) ? 2 : 0) + 2 + multipart.Boundary.Length + (isClose ? 2 : 0);
        if (span[0] == '\n')
        {
            return false;
        }

        var lineEnd = span.EndsWith("\r\n"u8) && span.Length >= text + 2 ? 2 : 0;
        pieces.Add(line[..text]);
        pieces.Add(line[^lineEnd..]);
        return !span[text..^lineEnd].ContainsAnyExcept((byte)' ', (byte)'\t');
    }
}
