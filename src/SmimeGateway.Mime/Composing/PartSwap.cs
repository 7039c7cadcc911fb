using SmimeGateway.Mime.Structure;

namespace SmimeGateway.Mime.Composing;

/// <summary>
/// Puts new parts in the place of parts of a message. Everything else keeps every octet. What is signed, encrypted, a report or a message
/// inside the message is left alone: it says something as a whole.
/// </summary>
/// <param name="replace">Gives what comes in the place of a leaf, or null; asked in the order of the message.</param>
public sealed class PartSwap(Func<SwappedLeaf, NewParts?> replace)
{
    // Parts that mean something together, and would mean another thing if one of them were another.
    private static readonly string[] Open = ["mixed", "alternative", "related"];

    // What says how a leaf is written, and is said anew of what comes in its place.
    private static readonly string[] OfTheLeaf =
        ["Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Content-Description", "Content-ID", "Content-MD5", "Content-Length", "Content-Location", "Content-Base"];

    private readonly List<(int Start, int End, NewPart[] Parts, byte[] Boundary)> _edits = [];

    /// <summary>The message with its new parts; null where none is replaced, or its parts cannot be told.</summary>
    public byte[]? Apply(Entity message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!TypeReading.IsCertain(message))
        {
            return null;
        }

        if (message.Layout is null)
        {
            return message.IsMessage || replace(new SwappedLeaf(message, Before: null)) is not { } whole ? null : InPlaceOfContent(message, NewPart.Multipart("mixed", whole.Parts));
        }

        return TryVisit(message, 0) && _edits.Count > 0 ? Spliced(message.Raw) : null;
    }

    private bool TryVisit(Entity multipart, int offset)
    {
        if (!multipart.TryGetParts(out var parts, out _))
        {
            return false;
        }

        if (Array.IndexOf(Open, multipart.ContentType.Subtype) < 0)
        {
            return true;
        }

        var body = offset + multipart.Raw.Length - multipart.Body.Length;
        var isMixed = multipart.ContentType.Subtype == "mixed";
        for (var i = 0; i < parts.Count; i++)
        {
            if (!TypeReading.IsCertain(parts[i]))
            {
                continue;
            }

            var place = multipart.Layout!.Parts[i];
            if (parts[i].Layout is not null)
            {
                if (!TryVisit(parts[i], body + place.Start.Value))
                {
                    return false;
                }
            }
            else if (!parts[i].IsMessage && replace(new SwappedLeaf(parts[i], isMixed && i > 0 ? parts[i - 1] : null)) is { } found)
            {
                var from = found.TakesBefore ? multipart.Layout.Parts[i - 1] : place;
                NewPart[] made = isMixed ? [.. found.Parts] : [NewPart.Multipart("mixed", found.Parts)];
                _edits.Add((body + from.Start.Value, body + place.End.Value, made, multipart.Boundary));
            }
        }

        return true;
    }

    private byte[] Spliced(ReadOnlyMemory<byte> message)
    {
        var pieces = new PartPieces();
        var position = 0;
        foreach (var (start, end, parts, boundary) in _edits)
        {
            pieces.Add(message[position..start]);
            for (var i = 0; i < parts.Length; i++)
            {
                if (i > 0)
                {
                    pieces.Add("\r\n--");
                    pieces.Add(boundary);
                    pieces.AddLineEnd();
                }

                parts[i].WriteTo(pieces);
            }

            position = end;
        }

        pieces.Add(message[position..]);
        return pieces.ToArray();
    }

    private static byte[] InPlaceOfContent(Entity message, NewPart content)
    {
        var pieces = new PartPieces();
        foreach (var field in message.Header)
        {
            if (!Array.Exists(OfTheLeaf, field.Is))
            {
                pieces.Add(field.Raw);
                pieces.Add(field.Raw.Span.EndsWith("\n"u8) ? string.Empty : "\r\n");
            }
        }

        if (message.Header.Find(MimeVersion.Name) is null)
        {
            pieces.Add(MimeVersion.Line);
        }

        content.WriteTo(pieces);
        return pieces.ToArray();
    }
}

/// <summary>A leaf that may be replaced.</summary>
/// <param name="Leaf">The leaf.</param>
/// <param name="Before">What stands before it as another part of the same text, in a multipart/mixed; null where nothing does.</param>
public sealed record SwappedLeaf(Entity Leaf, Entity? Before);

/// <summary>What comes in the place of a leaf.</summary>
/// <param name="Parts">At least one part.</param>
/// <param name="TakesBefore">Whether they hold what stood before it as well, and come in the place of both.</param>
public sealed record NewParts(IReadOnlyList<NewPart> Parts, bool TakesBefore = false);
