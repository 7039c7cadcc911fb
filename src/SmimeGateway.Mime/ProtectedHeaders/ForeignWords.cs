using System.Text;
using SmimeGateway.Mime.Structure;

namespace SmimeGateway.Mime.ProtectedHeaders;

/// <summary>
/// Takes away what a message says about protected headers before anybody protected one: <c>hp</c> on the content, which readers believe
/// there and nowhere else (RFC 9788 section 4.1), and <c>hp-legacy-display</c> on any text of an encrypted message, of which they would not
/// show the beginning (section 4.5.3). Below a signature or encryption that came with the message, nothing is touched.
/// </summary>
internal static class ForeignWords
{
    /// <summary>The message without such words; itself where there are none.</summary>
    public static SplitMessage Remove(SplitMessage message)
    {
        if (TypeParameter.TryRemove(message.ContentFields, HeaderProtection.ParameterName) is not { } fields)
        {
            // On a part, the word means nothing.
            message = Enclosure.Enclose(message);
            fields = message.ContentFields;
        }

        if (!Mentions(message.Body.Span) && !fields.Any(field => Mentions(field.Raw.Span)))
        {
            return ReferenceEquals(fields, message.ContentFields) ? message : new SplitMessage(message.OuterFields, fields, message.Body);
        }

        var cleared = Rewrite(Entity.Assemble(fields, message.Body, MimeLimits.Standard));
        return cleared is null
            ? new SplitMessage(message.OuterFields, fields, message.Body)
            : new SplitMessage(message.OuterFields, cleared.Fields, cleared.Body);
    }

    // The dash is rare in what is encoded, so that a search for it costs next to nothing.
    private static bool Mentions(ReadOnlySpan<byte> octets)
    {
        var name = LegacyDisplay.ParameterName.Length;
        for (var at = octets.IndexOf((byte)'-'); at >= 0;)
        {
            var start = at - 2;
            if (start >= 0 && octets.Length - start >= name && Ascii.EqualsIgnoreCase(octets.Slice(start, name), LegacyDisplay.ParameterName))
            {
                return true;
            }

            var next = octets[(at + 1)..].IndexOf((byte)'-');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    // The limit on depth that reading keeps bounds the recursion. Null where nothing has to change.
    private static RewrittenEntity? Rewrite(Entity entity)
    {
        if (CryptographicLayers.Is(entity))
        {
            return null;
        }

        IReadOnlyList<HeaderField> header = [.. entity.Header];
        var fields = TypeParameter.Remove(header, LegacyDisplay.ParameterName);
        var body = RewriteParts(entity);
        return body is null && ReferenceEquals(fields, header) ? null : new RewrittenEntity(fields, body ?? new(entity.Body));
    }

    private static System.Buffers.ReadOnlySequence<byte>? RewriteParts(Entity entity)
    {
        if (!entity.TryGetParts(out var parts, out _) || parts.Count == 0)
        {
            return null;
        }

        if (entity.Layout is not { } layout)
        {
            // What is inside an encoding would have to be encoded again; no reader looks there for what it shows.
            return Transfer.TransferDecoding.IsEncoding(entity.TransferEncoding) || Rewrite(parts[0]) is not { } message
                ? null
                : Write(new BytePieces(), message).ToSequence();
        }

        BytePieces? pieces = null;
        var written = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            if (Rewrite(parts[i]) is not { } part)
            {
                continue;
            }

            pieces ??= new BytePieces();
            pieces.Add(entity.Body[written..layout.Parts[i].Start.Value]);
            Write(pieces, part);
            written = layout.Parts[i].End.Value;

            // An empty part may share its line end with the delimiter before it; behind a header that was written it needs its own.
            if (entity.Body.Span[written..].StartsWith("--"u8))
            {
                pieces.AddLineEnd();
            }
        }

        pieces?.Add(entity.Body[written..]);
        return pieces?.ToSequence();
    }

    private static BytePieces Write(BytePieces pieces, RewrittenEntity entity)
    {
        foreach (var field in entity.Fields)
        {
            pieces.AddField(field);
        }

        pieces.AddLineEnd();
        foreach (var piece in entity.Body)
        {
            pieces.Add(piece);
        }

        return pieces;
    }
}
