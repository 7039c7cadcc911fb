using System.Buffers;
using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Mime.Structure;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.Hardening;

/// <summary>Writes a message whose lines are longer than 998 octets for servers that take no such lines (RFC 5321 section 4.5.3.1.6).</summary>
public static class ShortLines
{
    // With the line end.
    private const int MaxLineBytes = TransitScan.MaxLineLength + 2;

    /// <summary>
    /// The message in lines that every server takes, itself where they are short already: header fields folded, parts with long lines in
    /// another transfer encoding, so that their text stays the same. What is signed or encrypted by its author keeps its lines, as no
    /// signature would survive losing them, and so does what cannot be written anew without some program reading it differently.
    /// </summary>
    public static ReadOnlyMemory<byte> Make(ReadOnlyMemory<byte> message)
    {
        if (!HasLong(message.Span) || !Entity.TryParse(message, MimeLimits.Standard, out var entity, out _))
        {
            return message;
        }

        ReadOnlySequence<byte> content = default;
        var isNew = HasLong(entity.Body.Span)
            && ProtectionRecognizer.Recognize(entity) == ExistingProtection.None
            && TransitHardening.TryHarden(Content(entity), MimeLimits.Standard, out content, out _);
        var pieces = new BytePieces();
        foreach (var field in entity.Header)
        {
            if (!isNew || !field.IsContentField)
            {
                pieces.AddField(field.IsField && HasLong(field.Raw.Span) ? OuterLines.Fit(field) ?? field : field);
            }
        }

        if (!isNew)
        {
            // The empty line, where there is one: a header may end at the first line that is no field.
            pieces.Add(message[entity.Header.Raw.Length..]);
            return pieces.ToSequence().ToArray();
        }

        if (entity.Header.Find(MimeVersion.Name) is null)
        {
            pieces.AddField(HeaderField.Compose(MimeVersion.Name, "1.0"));
        }

        foreach (var piece in content)
        {
            pieces.Add(piece);
        }

        return pieces.ToSequence().ToArray();
    }

    /// <summary>False when no line is too long; asked of a message in blocks, so that only one that may have to be written anew is read whole.</summary>
    public static bool MayBeNeeded(IEnumerable<ReadOnlyMemory<byte>> blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        var begun = 0;
        foreach (var block in blocks)
        {
            var octets = block.Span;
            var end = octets.IndexOf((byte)'\n');
            if (begun + (end < 0 ? octets.Length : end) > TransitScan.MaxLineLength + 1 || HasLong(octets[(end + 1)..]))
            {
                return true;
            }

            begun = end < 0 ? begun + octets.Length : octets.Length - octets.LastIndexOf((byte)'\n') - 1;
        }

        return begun > TransitScan.MaxLineLength;
    }

    // A Content-Length counts the octets of the message that was.
    private static SplitMessage Content(Entity entity) =>
        new([], [.. entity.Header.Where(field => field.IsContentField && !field.Is("Content-Length"))], entity.Body);

    // Only the last line end in reach is looked for, so that the cost is one look for each thousand octets.
    private static bool HasLong(ReadOnlySpan<byte> octets)
    {
        while (octets.Length > TransitScan.MaxLineLength)
        {
            var end = octets[..Math.Min(octets.Length, MaxLineBytes)].LastIndexOf((byte)'\n');
            if (end < 0)
            {
                return true;
            }

            octets = octets[(end + 1)..];
        }

        return false;
    }
}
