using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.Hardening;

/// <summary>A leaf in a form that survives transit and decodes to what the leaf decoded to before, for every reader.</summary>
internal readonly record struct EncodedLeaf(string TransferEncoding, ReadOnlyMemory<byte> Body)
{
    // Parts in lines that are fields (RFC 3464, 8098, 5965, 3886, 6533, 6522), where a blank at the end of a line means nothing.
    private static readonly string[] FieldsAlone =
    [
        "message/delivery-status", "message/disposition-notification", "message/feedback-report", "message/tracking-status",
        "message/global-delivery-status", "message/global-disposition-notification", "message/global-headers", "text/rfc822-headers",
    ];

    /// <summary>Encodes a leaf; returns the obstacle where there is no form that all read alike.</summary>
    public static string? TryEncode(Entity leaf, out EncodedLeaf encoded)
    {
        encoded = default;
        var isOfFields = Array.IndexOf(FieldsAlone, leaf.ContentType.MediaType) >= 0;
        switch (leaf.ContentType.Type, leaf.TransferEncoding)
        {
            case var (type, label) when type == "message" || (isOfFields && !TransferDecoding.IsEncoding(label)):
                encoded = new EncodedLeaf("7bit", TrimmedLines.Of(leaf.Body.Span, emptiesBlankLines: false));
                return isOfFields && TransitScan.IsSafe(encoded.Body.Span)
                    ? null
                    : $"{leaf.ContentType.MediaType} is read by programs that decode nothing (RFC 2045 section 6.4), and does not survive transit as it is";
            case ("multipart", _):
                return "a multipart without parts may not be encoded (RFC 2045 section 6.4), and does not survive transit as it is";
            case (_, "base64"):
                if (!Base64Body.TryRewrap(leaf.Body.Span, out var rewrapped))
                {
                    return "its base64 is damaged, and programs read what is left of it differently";
                }

                encoded = new EncodedLeaf("base64", rewrapped);
                return null;
            case (_, "quoted-printable"):
                if (!QuotedPrintable.TryRepair(leaf.Body.Span, out var repaired))
                {
                    return "its quoted-printable is damaged, and programs read what is left of it differently";
                }

                encoded = new EncodedLeaf("quoted-printable", repaired);
                return null;
            default:
                encoded = IsBestAsText(leaf) ? InQuotedPrintable(leaf.Body) : InBase64(leaf.Body);
                return null;
        }
    }

    // Quoted-printable keeps a text readable in its source. But its line ends are those of a text, which a reader may turn into its own,
    // so it is for nothing but texts in lines; and one of mostly 8-bit octets is readable in neither form and shorter in base64.
    private static bool IsBestAsText(Entity leaf) =>
        leaf.ContentType.Type == "text"
        && TransitScan.HasWholeLines(leaf.Body.Span)
        && QuotedPrintable.EncodedLength(leaf.Body.Span) <= Base64Body.EncodedLength(leaf.Body.Length, Base64Body.MaxLineLength);

    private static EncodedLeaf InQuotedPrintable(ReadOnlyMemory<byte> octets) => new("quoted-printable", QuotedPrintable.Encode(octets.Span));

    private static EncodedLeaf InBase64(ReadOnlyMemory<byte> octets)
    {
        var encoded = new byte[Base64Body.EncodedLength(octets.Length, Base64Body.MaxLineLength)];
        Base64Body.WriteLines(octets.Span, encoded, Base64Body.MaxLineLength);
        return new EncodedLeaf("base64", encoded);
    }
}
