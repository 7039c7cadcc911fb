using System.Text;
using SmimeGateway.Mime.Structure;

namespace SmimeGateway.Mime.Hardening;

/// <summary>Writes the delimiter lines of a multipart: as they came where they survive transit, else anew.</summary>
internal sealed class DelimiterWriter
{
    /// <summary>The longest boundary that stays: with the name of the parameter around it, it fits a line.</summary>
    public const int MaxBoundaryLength = 900;

    private readonly BytePieces _pieces;
    private readonly Entity _multipart;
    private readonly byte[] _boundary;

    public DelimiterWriter(BytePieces pieces, Entity multipart)
    {
        _pieces = pieces;
        _multipart = multipart;
        _boundary = multipart.Boundary;
        if (!IsLawful(_boundary))
        {
            NewBoundary = UniqueBoundary.Create();
            _boundary = Encoding.ASCII.GetBytes(NewBoundary);
        }
    }

    /// <summary>The boundary that takes the place of one no relay can be trusted with; null where the old one stays.</summary>
    public string? NewBoundary { get; }

    /// <summary>Writes the delimiter that stands at this place of the body.</summary>
    public void Write(Range place, bool isFirstLine, bool isClose)
    {
        var line = _multipart.Body[place];
        if (NewBoundary is null && IsClean(line.Span, isFirstLine, isClose))
        {
            _pieces.Add(line);
            return;
        }

        byte[] written =
        [
            .. isFirstLine ? [] : "\r\n"u8,
            .. "--"u8,
            .. _boundary,
            .. isClose ? "--"u8 : [],
            .. "\r\n"u8,
        ];
        _pieces.Add(written);
    }

    private bool IsClean(ReadOnlySpan<byte> line, bool isFirstLine, bool isClose)
    {
        if (line.StartsWith("\r\n"u8))
        {
            line = line[2..];
        }
        else if (!isFirstLine && !line.StartsWith("--"u8))
        {
            return false;
        }

        var rest = line[(2 + _boundary.Length + (isClose ? 2 : 0))..];
        return rest.IsEmpty || rest.SequenceEqual("\r\n"u8);
    }

    // Printable ASCII and blanks inside: more than bchars of RFC 2046 section 5.1.1, but no relay minds the rest.
    private static bool IsLawful(ReadOnlySpan<byte> boundary) =>
        boundary.Length <= MaxBoundaryLength
        && !boundary.ContainsAnyExceptInRange((byte)' ', (byte)'~')
        && boundary[^1] != ' ';
}
