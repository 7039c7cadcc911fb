using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.Hardening;

/// <summary>A leaf in an encoding that survives transit and decodes to what the leaf decoded to before.</summary>
internal readonly record struct EncodedLeaf(string TransferEncoding, ReadOnlyMemory<byte> Body)
{
    public static EncodedLeaf Encode(Entity leaf)
    {
        switch (leaf.TransferEncoding)
        {
            case "base64":
                var rewrapped = new byte[Base64Body.RewrappedLength(leaf.Body.Span)];
                Base64Body.Rewrap(leaf.Body.Span, rewrapped);
                return new EncodedLeaf("base64", rewrapped);
            case "quoted-printable":
                return InQuotedPrintable(leaf.DecodeBody());
            case var encoding when TransferDecoding.IsEncoding(encoding):
                return InBase64(leaf.DecodeBody());
            default:
                return IsBestAsText(leaf) ? InQuotedPrintable(leaf.Body) : InBase64(leaf.Body);
        }
    }

    // Quoted-printable keeps a text readable in its source; but only texts have line ends that it may leave alone, and a text of
    // mostly 8-bit octets is readable in neither form and shorter in base64.
    private static bool IsBestAsText(Entity leaf) =>
        leaf.ContentType.Type is "text" or "multipart" or "message"
        && QuotedPrintable.EncodedLength(leaf.Body.Span) <= Base64Body.EncodedLength(leaf.Body.Length, Base64Body.MaxLineLength);

    private static EncodedLeaf InQuotedPrintable(ReadOnlyMemory<byte> octets)
    {
        var encoded = new byte[QuotedPrintable.EncodedLength(octets.Span)];
        QuotedPrintable.Encode(octets.Span, encoded);
        return new EncodedLeaf("quoted-printable", encoded);
    }

    private static EncodedLeaf InBase64(ReadOnlyMemory<byte> octets)
    {
        var encoded = new byte[Base64Body.EncodedLength(octets.Length, Base64Body.MaxLineLength)];
        Base64Body.WriteLines(octets.Span, encoded, Base64Body.MaxLineLength);
        return new EncodedLeaf("base64", encoded);
    }
}
