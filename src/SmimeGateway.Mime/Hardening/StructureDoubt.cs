using SmimeGateway.Mime.Fields;

namespace SmimeGateway.Mime.Hardening;

/// <summary>
/// Tells where programs read the structure of an entity differently. Rewriting such a thing by one reading would change what the others
/// read, so it is left alone.
/// </summary>
internal static class StructureDoubt
{
    private const string TypeName = "Content-Type";
    private const string EncodingName = "Content-Transfer-Encoding";

    /// <summary>What is doubtful about the header of an entity; null where everybody reads it in the same way.</summary>
    public static string? About(Entity entity, bool isRoot)
    {
        // Any change would break the signature of S/MIME or OpenPGP for certain (RFC 1847 section 2.1).
        if (entity.ContentType.MediaType == "multipart/signed")
        {
            return "what somebody signed already does not survive transit as it is";
        }

        HeaderField? type = null;
        HeaderField? encoding = null;
        var isAmbiguous = false;
        foreach (var field in entity.Header)
        {
            if (!field.IsField || field.Raw.Span[field.Name.Length] != ':')
            {
                return "a header has a line that is no field";
            }

            isAmbiguous |= (field.Is(TypeName) && !IsSame(ref type, field)) || (field.Is(EncodingName) && !IsSame(ref encoding, field));
        }

        if (isAmbiguous)
        {
            return "a header has two fields of one name where one counts, and they differ";
        }

        if (!isRoot && !entity.Body.IsEmpty && !EndsInEmptyLine(entity))
        {
            return "a header does not end in an empty line";
        }

        return AboutEncoding(entity) ?? (type is null ? null : AboutType(entity, type.Body));
    }

    // Some programs go by the first field of a name and some by the last. Of the same octets, both read the same.
    private static bool IsSame(ref HeaderField? first, HeaderField field) => (first ??= field).RawBody.Span.SequenceEqual(field.RawBody.Span);

    private static bool EndsInEmptyLine(Entity entity) => entity.Raw.Span[entity.Header.Raw.Length..^entity.Body.Length].SequenceEqual("\r\n"u8);

    // RFC 2045 section 6.4: under an encoding that a program does not know, the octets mean nothing to it, and another name would give
    // them a meaning. Of multipart and message, which may not be encoded, some programs decode what is labelled so, and others do not.
    private static string? AboutEncoding(Entity entity)
    {
        var isKnown = entity.TransferEncoding is "7bit" or "8bit" or "binary"
            || (entity.TransferEncoding is "base64" or "quoted-printable" && entity.ContentType.Type is not ("multipart" or "message"));
        return isKnown && (entity.Header.Find(EncodingName)?.Body is not { } body || body.Equals(entity.TransferEncoding, StringComparison.OrdinalIgnoreCase))
            ? null
            : $"the transfer encoding of {entity.ContentType.MediaType} is not one that everybody knows";
    }

    private static string? AboutType(Entity entity, string body)
    {
        var type = entity.ContentType;
        var written = body.Split(';', 2)[0].TrimEnd(' ', '\t');
        if (type.Subtype.Length == 0 || !written.Equals(type.MediaType, StringComparison.OrdinalIgnoreCase))
        {
            return "a content type is not readable to everybody";
        }

        if (type.Type != "multipart")
        {
            return null;
        }

        // Comments, continuations and encoded words are undone by some programs only.
        var reader = new ParameterReader(body);
        reader.ReadToken();
        reader.TrySkip('/');
        reader.ReadToken();
        var parameters = reader.ReadParameters();
        return reader.IsClean
            && parameters.CountOf("boundary") == 1
            && parameters.Find("boundary") is { Length: > 0 and <= DelimiterWriter.MaxBoundaryLength } boundary
            && boundary[^1] != ' '
            && !boundary.AsSpan().ContainsAnyExceptInRange(' ', '~')
            && !boundary.Contains('\\', StringComparison.Ordinal)
            && parameters.Written.Any(parameter => parameter.Value == boundary)
            ? null
            : "a boundary is not readable to everybody";
    }
}
