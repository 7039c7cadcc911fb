using System.Formats.Asn1;

namespace SmimeGateway.Cms.Reading;

/// <summary>
/// The octets of an implicitly tagged OCTET STRING where they lie: in one piece, or in as many as its producer wrote (X.690 section 8.7.3).
/// The pieces are walked, never listed, as there may be as many of them as octets.
/// </summary>
internal sealed class OctetPieces
{
    // Who writes in pieces writes one level of them; every further level costs another walk.
    private const int MaxDepth = 4;

    private readonly ReadOnlyMemory<byte> _octets;
    private readonly bool _isWhole;

    private OctetPieces(ReadOnlyMemory<byte> octets, bool isWhole)
    {
        _octets = octets;
        _isWhole = isWhole;
        Length = isWhole ? octets.Length : Measure(octets.Span, MaxDepth);
    }

    /// <summary>How many octets there are in all.</summary>
    public int Length { get; }

    /// <summary>Reads the next element.</summary>
    /// <exception cref="AsnContentException">It is malformed.</exception>
    /// <exception cref="CmsFaultException">Its pieces are nested too deeply.</exception>
    public static OctetPieces Read(AsnReader fields, Asn1Tag tag)
    {
        if (!fields.PeekTag().HasSameClassAndValue(tag))
        {
            throw new AsnContentException();
        }

        var element = fields.ReadEncodedValue();
        var sent = AsnDecoder.ReadEncodedValue(element.Span, AsnEncodingRules.BER, out var at, out var length, out _);
        return new OctetPieces(element.Slice(at, length), !sent.IsConstructed);
    }

    /// <summary>The octets, if they lie in one piece.</summary>
    public bool TryGetWhole(out ReadOnlySpan<byte> whole)
    {
        whole = _isWhole ? _octets.Span : default;
        return _isWhole;
    }

    /// <summary>Copies as many octets from the offset on as the destination takes; they must be there.</summary>
    public void CopyTo(int offset, Span<byte> destination)
    {
        if (_isWhole)
        {
            _octets.Span.Slice(offset, destination.Length).CopyTo(destination);
        }
        else
        {
            Copy(_octets.Span, ref offset, ref destination);
        }
    }

    private static int Measure(ReadOnlySpan<byte> pieces, int depth)
    {
        if (depth == 0)
        {
            throw new CmsFaultException(CmsFaultKind.LimitExceeded, "The pieces of the content are nested too deeply.");
        }

        var length = 0;
        while (!pieces.IsEmpty)
        {
            var piece = Next(ref pieces, out var isConstructed);
            length += isConstructed ? Measure(piece, depth - 1) : piece.Length;
        }

        return length;
    }

    private static void Copy(scoped ReadOnlySpan<byte> pieces, ref int skipped, ref Span<byte> destination)
    {
        while (!pieces.IsEmpty && !destination.IsEmpty)
        {
            var piece = Next(ref pieces, out var isConstructed);
            if (isConstructed)
            {
                Copy(piece, ref skipped, ref destination);
            }
            else if (skipped >= piece.Length)
            {
                skipped -= piece.Length;
            }
            else
            {
                var copied = Math.Min(piece.Length - skipped, destination.Length);
                piece.Slice(skipped, copied).CopyTo(destination);
                destination = destination[copied..];
                skipped = 0;
            }
        }
    }

    private static ReadOnlySpan<byte> Next(scoped ref ReadOnlySpan<byte> pieces, out bool isConstructed)
    {
        var tag = AsnDecoder.ReadEncodedValue(pieces, AsnEncodingRules.BER, out var at, out var length, out var consumed);
        if (!tag.HasSameClassAndValue(Asn1Tag.PrimitiveOctetString))
        {
            throw new AsnContentException();
        }

        isConstructed = tag.IsConstructed;
        var piece = pieces.Slice(at, length);
        pieces = pieces[consumed..];
        return piece;
    }
}
