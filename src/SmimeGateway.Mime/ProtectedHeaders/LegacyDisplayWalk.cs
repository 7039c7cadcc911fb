using SmimeGateway.Mime.Hardening;
using SmimeGateway.Mime.Structure;

namespace SmimeGateway.Mime.ProtectedHeaders;

/// <summary>
/// Finds the main body parts of a message (RFC 9787 section 7.1, RFC 9788 section 5.2.4) and writes the display into them. The limit on
/// depth that reading keeps bounds the recursion.
/// </summary>
internal sealed class LegacyDisplayWalk(LegacyDisplay display)
{
    /// <summary>The message with the display in it; null where there is no place for one.</summary>
    public RewrittenEntity? Rewrite(Entity message) => Rewrite(message, isRoot: true);

    private RewrittenEntity? Rewrite(Entity entity, bool isRoot)
    {
        // Where programs do not agree on what is there, a display would be a text to some of them and damage to others.
        if (Disposition.IsAttachment(entity.Header) || CryptographicLayers.Is(entity)
            || !TypeParameter.CanBeSet(entity.Header) || StructureDoubt.About(entity, isRoot) is not null)
        {
            return null;
        }

        return entity.IsMultipart ? RewriteMultipart(entity) : LegacyDisplayLeaf.Rewrite(entity, display);
    }

    private RewrittenEntity? RewriteMultipart(Entity entity)
    {
        // The parts of a digest are messages of others. Of a multipart nobody knows, the first part is the text, as in multipart/mixed
        // (RFC 2046 section 5.1.3).
        if (entity.ContentType.Subtype == "digest" || entity.Layout is not { } layout || !entity.TryGetParts(out var parts, out _))
        {
            return null;
        }

        var pieces = new BytePieces();
        var written = 0;
        var considered = entity.ContentType.Subtype == "alternative" ? parts.Count : Math.Min(1, parts.Count);
        for (var i = 0; i < considered; i++)
        {
            if (Rewrite(parts[i], isRoot: false) is not { } rewritten)
            {
                continue;
            }

            pieces.Add(entity.Body[written..layout.Parts[i].Start.Value]);
            foreach (var field in rewritten.Fields)
            {
                pieces.AddField(field);
            }

            pieces.AddLineEnd();
            foreach (var piece in rewritten.Body)
            {
                pieces.Add(piece);
            }

            written = layout.Parts[i].End.Value;
            // An empty part may share its line end with the delimiter before it; what is no longer empty needs its own.
            if (entity.Body.Span[written..].StartsWith("--"u8))
            {
                pieces.AddLineEnd();
            }
        }

        if (written == 0)
        {
            return null;
        }

        pieces.Add(entity.Body[written..]);
        return new RewrittenEntity([.. entity.Header], pieces.ToSequence());
    }
}
