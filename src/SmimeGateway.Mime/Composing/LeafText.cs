using SmimeGateway.Mime.Fields;
using SmimeGateway.Mime.Structure;

namespace SmimeGateway.Mime.Composing;

/// <summary>What a part says to its reader.</summary>
public static class LeafText
{
    /// <summary>Its text where it is shown as one; null where it is none, is an attachment, can be read in several ways, or is damaged.</summary>
    public static string? Read(Entity leaf)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        return leaf.ContentType.MediaType == "text/plain" && !Disposition.IsAttachment(leaf.Header) && TypeReading.IsCertain(leaf) && leaf.TryDecodeBody(out var octets)
            ? Charsets.DecodeExactly(leaf.ContentType.Parameter("charset") ?? "us-ascii", octets.Span)
            : null;
    }
}
