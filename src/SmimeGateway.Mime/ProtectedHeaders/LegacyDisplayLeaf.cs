using System.Buffers;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime.ProtectedHeaders;

/// <summary>Writes the display into one text, in its charset and its transfer encoding.</summary>
internal static class LegacyDisplayLeaf
{
    private const string EncodingName = "Content-Transfer-Encoding";

    /// <summary>
    /// The text with the display; null where it is no text or could not be written without loss.
    /// </summary>
    public static RewrittenEntity? Rewrite(Entity leaf, LegacyDisplay display)
    {
        if (leaf.TransferEncoding is not ("7bit" or "8bit" or "binary" or "base64" or "quoted-printable"))
        {
            return null;
        }

        var text = leaf.ContentType.MediaType switch
        {
            "text/plain" => DisplayedText.InPlain(leaf, display.Plain),
            "text/html" => DisplayedText.InHtml(leaf, display.Html),
            _ => null,
        };
        if (text is null)
        {
            return null;
        }

        IReadOnlyList<HeaderField> fields = TypeParameter.Set([.. leaf.Header], LegacyDisplay.ParameterName, "1");
        if (text.NewCharset is { } charset)
        {
            fields = TypeParameter.Set(fields, "charset", charset);
        }

        switch (leaf.TransferEncoding)
        {
            case "base64":
                var lines = new byte[Base64Body.EncodedLength(text.Content.Length, Base64Body.MaxLineLength)];
                Base64Body.WriteLines(text.Content, lines, Base64Body.MaxLineLength);
                return new RewrittenEntity(fields, new ReadOnlySequence<byte>(lines));
            case "quoted-printable":
                return new RewrittenEntity(fields, InQuotedPrintable(text));
            case var label when Carries(label, text):
                return new RewrittenEntity(fields, text.Content);
            default:
                return new RewrittenEntity(WithQuotedPrintable(fields), InQuotedPrintable(text));
        }
    }

    // What was there before was carried under this label; what is new has to fit it too.
    private static bool Carries(string label, DisplayedText text) =>
        label == "binary" || (!text.HasLongLines && (text.IsAsciiAdded || label == "8bit"));

    private static ReadOnlySequence<byte> InQuotedPrintable(DisplayedText text) => new(QuotedPrintable.Encode(text.Content.ToArray()));

    private static List<HeaderField> WithQuotedPrintable(IReadOnlyList<HeaderField> fields)
    {
        var changed = fields.Where(field => !field.Is(EncodingName)).ToList();
        changed.Add(HeaderField.Compose(EncodingName, "quoted-printable"));
        return changed;
    }
}
