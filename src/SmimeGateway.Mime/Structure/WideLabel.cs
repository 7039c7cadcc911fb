using System.Buffers;
using System.Text;

namespace SmimeGateway.Mime.Structure;

/// <summary>The transfer encoding that a multipart must name for what is inside it (RFC 2045 section 6.4).</summary>
internal static class WideLabel
{
    /// <summary>8bit where an octet above 127 is inside; null where none is, and no label is needed.</summary>
    public static string? For(ReadOnlySequence<byte> inside)
    {
        foreach (var piece in inside)
        {
            if (!Ascii.IsValid(piece.Span))
            {
                return "8bit";
            }
        }

        return null;
    }
}
