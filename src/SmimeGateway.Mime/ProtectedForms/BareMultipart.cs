using SmimeGateway.Mime.Structure;

namespace SmimeGateway.Mime.ProtectedForms;

/// <summary>Tells whether a multipart is its parts and nothing beside them.</summary>
internal static class BareMultipart
{
    private static ReadOnlySpan<byte> Blanks => " \t\r\n"u8;

    /// <summary>What stands beside the parts, as a reason; null where nothing but blanks does.</summary>
    /// <param name="multipart">A multipart.</param>
    /// <param name="allowsPreamble">Whether text before the first part is let be, as some programs put a notice there.</param>
    public static string? FindText(Entity multipart, bool allowsPreamble)
    {
        if (multipart.Layout is not { IsClosed: true } layout)
        {
            return "the multipart does not end";
        }

        if (!allowsPreamble && !multipart.Preamble.Span.Trim(Blanks).IsEmpty)
        {
            return "text stands before the first part";
        }

        if (!multipart.Epilogue.Span.Trim(Blanks).IsEmpty)
        {
            return "text stands behind the last part";
        }

        return AreDelimitersBare(multipart, layout) ? null : "text stands beside the boundary";
    }

    // Behind the boundary a line may hold anything after a blank, and its readers skip that.
    private static bool AreDelimitersBare(Entity multipart, MultipartLayout layout)
    {
        var body = multipart.Body.Span;
        byte[] delimiter = [.. "--"u8, .. multipart.Boundary];
        var end = layout.Preamble.End.Value;
        foreach (var part in layout.Parts)
        {
            if (!body[end..part.Start.Value].Trim(Blanks).SequenceEqual(delimiter))
            {
                return false;
            }

            end = part.End.Value;
        }

        return body[end..layout.Epilogue.Start.Value].Trim(Blanks).SequenceEqual((byte[])[.. delimiter, .. "--"u8]);
    }
}
