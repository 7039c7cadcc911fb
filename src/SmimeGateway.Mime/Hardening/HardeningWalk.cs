using System.Buffers;
using SmimeGateway.Mime.Structure;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.Hardening;

/// <summary>
/// Walks an entity from its header to its leaves and writes it anew, piece by piece: slices of what came where that survives transit,
/// new bytes where it would not and only its form changes. The limits on depth that reading keeps bound the recursion.
/// </summary>
internal sealed class HardeningWalk
{
    private readonly BytePieces _pieces = new();
    private readonly HardenedHeader _header;
    private readonly MimeLimits _limits;

    public HardeningWalk(MimeLimits limits)
    {
        _limits = limits;
        _header = new HardenedHeader(_pieces);
    }

    public ReadOnlySequence<byte> Result => _pieces.ToSequence();

    /// <summary>Writes the outermost entity; null when all of it could be written.</summary>
    public HardeningFault? Write(Entity root) => Write(root, isRoot: true);

    private HardeningFault? Write(Entity entity, bool isRoot)
    {
        // What needs nothing keeps every octet, however strange it is.
        if (!isRoot && Survival.Of(entity, isRoot))
        {
            _pieces.Add(entity.Raw);
            return null;
        }

        if (StructureDoubt.About(entity, isRoot) is { } doubt)
        {
            return HardeningFault.InTransit(doubt);
        }

        if (!entity.TryGetParts(out var parts, out var limit))
        {
            return new HardeningFault(limit.Reason, AllowsOpaque: false);
        }

        if (entity.Layout is { Parts.Count: > 0 } layout)
        {
            return WriteMultipart(entity, parts, layout, isRoot);
        }

        return parts.Count == 1 ? WriteHead(entity, NarrowLabel(entity), isRoot) ?? Write(parts[0], isRoot: false) : WriteLeaf(entity, isRoot);
    }

    private HardeningFault? WriteMultipart(Entity entity, IReadOnlyList<Entity> parts, MultipartLayout layout, bool isRoot)
    {
        if (WriteHead(entity, NarrowLabel(entity), isRoot) is { } fault)
        {
            return fault;
        }

        var delimiters = new DelimiterWriter(_pieces, entity);
        if (!TryWriteAround(entity.Preamble))
        {
            return HardeningFault.InTransit("what stands before its first part does not survive transit");
        }

        var end = layout.Preamble.End;
        for (var i = 0; i < parts.Count; i++)
        {
            if (!delimiters.TryWrite(end..layout.Parts[i].Start, isClose: false))
            {
                return HardeningFault.InTransit("a delimiter is one to some programs only");
            }

            if (Write(parts[i], isRoot: false) is { } inside)
            {
                return inside;
            }

            end = layout.Parts[i].End;
        }

        if (!layout.IsClosed)
        {
            return HardeningFault.InTransit("a multipart has no end, and programs find different ones");
        }

        // Some programs leave out what follows the last delimiter, so a signature that can be broken by that must not cover text there.
        return !delimiters.TryWrite(end..layout.Epilogue.Start, isClose: true) || (isRoot && !MultipartTail.IsBlank(entity.Epilogue.Span))
            || !TryWriteAround(entity.Epilogue)
            ? HardeningFault.InTransit("what stands behind its last part does not survive transit")
            : null;
    }

    // Text around the parts is shown by programs without MIME alone, which cannot decode anything: it is kept as it is, or not at all.
    private bool TryWriteAround(ReadOnlyMemory<byte> text)
    {
        if (TransitScan.IsSafe(text.Span))
        {
            _pieces.Add(text);
            return true;
        }

        var trimmed = TrimmedLines.Of(text.Span, emptiesBlankLines: true);
        _pieces.Add(trimmed);
        return TransitScan.IsSafe(trimmed);
    }

    private HardeningFault? WriteLeaf(Entity leaf, bool isRoot)
    {
        if (TransitScan.IsSafe(leaf.Body.Span))
        {
            return WriteWith(leaf, NarrowLabel(leaf), leaf.Body, isRoot);
        }

        if (EncodedLeaf.TryEncode(leaf, out var encoded) is { } obstacle)
        {
            return HardeningFault.InTransit(obstacle);
        }

        return WriteWith(leaf, encoded.TransferEncoding == leaf.TransferEncoding ? null : encoded.TransferEncoding, encoded.Body, isRoot);
    }

    private HardeningFault? WriteWith(Entity leaf, string? label, ReadOnlyMemory<byte> body, bool isRoot)
    {
        var fault = WriteHead(leaf, label, isRoot);
        _pieces.Add(body);
        return fault;
    }

    // The empty line of a part that has none would make a body out of nothing, so it is only written where there was one.
    private HardeningFault? WriteHead(Entity entity, string? label, bool isRoot)
    {
        var before = _pieces.Length;
        if (_header.Write(entity, label, isRoot) is { } obstacle)
        {
            return HardeningFault.InTransit(obstacle);
        }

        // With its encoding it may have one field more than it had, which no limit counts so closely; but repairs make text several times as long.
        if (_pieces.Length - before > _limits.MaxHeaderBytes - "\r\n".Length)
        {
            return HardeningFault.InTransit($"repaired, {HeaderLimits.TooManyOctets(_limits, 0).Reason}");
        }

        if (isRoot || entity.Raw.Length > entity.Header.Raw.Length)
        {
            _pieces.AddLineEnd();
        }

        return null;
    }

    private static string? NarrowLabel(Entity entity) => TransitScan.IsWideLabel(entity.TransferEncoding) ? "7bit" : null;
}
