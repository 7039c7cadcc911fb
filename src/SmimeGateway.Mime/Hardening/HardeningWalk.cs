using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Mime.Structure;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.Hardening;

/// <summary>
/// Walks an entity from its header to its leaves and writes it anew, piece by piece: slices of what came where that survives transit,
/// new bytes where it would not. The limits on depth that reading keeps bound the recursion.
/// </summary>
internal sealed class HardeningWalk
{
    private readonly BytePieces _pieces = new();
    private readonly HardenedHeader _header;

    public HardeningWalk() => _header = new HardenedHeader(_pieces);

    public ReadOnlySequence<byte> Result => _pieces.ToSequence();

    /// <summary>Writes the outermost entity, whose epilogue is left out: it lies behind the content and is protected by nothing.</summary>
    public bool TryWrite(Entity root, [NotNullWhen(false)] out MimeFault? fault) => TryWrite(root, isRoot: true, out fault);

    private bool TryWrite(Entity entity, bool isRoot, [NotNullWhen(false)] out MimeFault? fault)
    {
        if (!entity.TryGetParts(out var parts, out fault))
        {
            return false;
        }

        if (SignedContent.Is(entity))
        {
            _pieces.Add(entity.Raw);
            return true;
        }

        if (entity.Layout is { Parts.Count: > 0 } layout)
        {
            return TryWriteMultipart(entity, parts, layout, isRoot, out fault);
        }

        // message/global may be encoded as a whole (RFC 6532 section 3.7), the older two may not (RFC 2046 section 5.2.1).
        if (parts.Count == 1
            && entity.ContentType.MediaType != "message/global"
            && !TransferDecoding.IsEncoding(entity.TransferEncoding))
        {
            _header.Write(entity, new HeaderChange { TransferEncoding = NarrowLabel(entity) }, isRoot);
            WriteSeparator(entity, isRoot);
            return TryWrite(parts[0], isRoot: false, out fault);
        }

        WriteLeaf(entity, isRoot);
        return true;
    }

    private bool TryWriteMultipart(
        Entity entity,
        IReadOnlyList<Entity> parts,
        MultipartLayout layout,
        bool isRoot,
        [NotNullWhen(false)] out MimeFault? fault)
    {
        var delimiters = new DelimiterWriter(_pieces, entity);
        _header.Write(entity, new HeaderChange { TransferEncoding = NarrowLabel(entity), Boundary = delimiters.NewBoundary }, isRoot);
        WriteSeparator(entity, isRoot);

        // Nobody reads a preamble except programs without MIME, so one that would not survive is not worth a change of its text.
        var end = layout.Preamble.End;
        var isFirstLine = layout.Preamble.Equals(..0);
        if (TransitScan.IsSafe(entity.Preamble.Span))
        {
            _pieces.Add(entity.Preamble);
        }
        else
        {
            isFirstLine = true;
            end = end.Value + (entity.Body.Span[end.Value] == '\r' ? 2 : 1);
        }

        for (var i = 0; i < parts.Count; i++)
        {
            delimiters.Write(end..layout.Parts[i].Start, isFirstLine, isClose: false);
            if (!TryWrite(parts[i], isRoot: false, out fault))
            {
                return false;
            }

            isFirstLine = false;
            end = layout.Parts[i].End;
        }

        if (layout.IsClosed)
        {
            delimiters.Write(end..layout.Epilogue.Start, isFirstLine: false, isClose: true);
            WriteEpilogue(entity.Epilogue, isRoot);
        }

        fault = null;
        return true;
    }

    private void WriteEpilogue(ReadOnlyMemory<byte> epilogue, bool isRoot)
    {
        if (isRoot ? MultipartTail.IsBlank(epilogue.Span) && TransitScan.IsSafe(epilogue.Span) : TransitScan.IsSafe(epilogue.Span))
        {
            _pieces.Add(epilogue);
        }
    }

    private void WriteLeaf(Entity leaf, bool isRoot)
    {
        if (TransitScan.IsSafe(leaf.Body.Span))
        {
            _header.Write(leaf, new HeaderChange { TransferEncoding = NarrowLabel(leaf) }, isRoot);
            WriteSeparator(leaf, isRoot);
            _pieces.Add(leaf.Body);
            return;
        }

        var encoded = EncodedLeaf.Encode(leaf);
        _header.Write(leaf, new HeaderChange
        {
            TransferEncoding = encoded.TransferEncoding,
            // A multipart that has no parts is read as text (RFC 2045 section 5.2), and only as text it may be encoded.
            ContentType = leaf.ContentType.Type == "multipart" ? "text/plain" : null,
        }, isRoot);
        WriteSeparator(leaf, isRoot);
        _pieces.Add(encoded.Body);
    }

    // The empty line of a part that has none would make a body out of nothing, so it is only written where there was one.
    private void WriteSeparator(Entity entity, bool isRoot)
    {
        if (isRoot)
        {
            _pieces.AddLineEnd();
            return;
        }

        var separator = entity.Raw[entity.Header.Raw.Length..^entity.Body.Length];
        if (separator.Length == 2)
        {
            _pieces.Add(separator);
        }
        else if (separator.Length == 1)
        {
            _pieces.AddLineEnd();
        }
    }

    private static string? NarrowLabel(Entity entity) =>
        TransitScan.IsWideLabel(entity.TransferEncoding) && !SignedContent.IsWideInside(entity) ? "7bit" : null;
}
