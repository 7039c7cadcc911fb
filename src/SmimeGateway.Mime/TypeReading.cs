using System.Buffers;
using SmimeGateway.Mime.Authors;
using SmimeGateway.Mime.Transfer;

namespace SmimeGateway.Mime;

/// <summary>Tells whether all programs find the same media type in the header of an entity, and the same parts behind it.</summary>
public static class TypeReading
{
    // token of RFC 2045 section 5.1.
    private static readonly SearchValues<char> Token = SearchValues.Create(
        "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>False where a line is no field, where the name of the field or its value is not as the RFC has it, and where the content is elsewhere.</summary>
    public static bool IsCertain(Entity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        var lines = AuthorLines.Find(entity, "Content-Type");
        var type = entity.ContentType;
        return (entity.HasSeparator || entity.Body.IsEmpty)
            && !lines.HasHidden && lines.Fields.Count < 2
            && lines.Fields.All(field => IsNamedPlainly(field) && IsPlain(field.Body))
            && type.MediaType is not ("message/partial" or "message/external-body")
            && (type.Type != "multipart" || (type.Parameters.CountOf("boundary") == 1 && !EndsInBlank(type.Parameter("boundary")) && !TransferDecoding.IsEncoding(entity.TransferEncoding)));
    }

    // With a blank before the colon it is no field to some (RFC 5322 section 4.5.8 has it for old mail), and what it says is not said.
    private static bool IsNamedPlainly(HeaderField field) => field.Raw.Length > field.Name.Length && field.Raw.Span[field.Name.Length] == ':';

    // A boundary may not (RFC 2046 section 5.1.1), and some leave the blank out.
    private static bool EndsInBlank(string? boundary) => boundary is [.., ' ' or '\t'];

    /// <summary>Whether the body of a Content-Type begins with a type and a subtype as the RFC has them.</summary>
    internal static bool IsPlain(string body)
    {
        var semicolon = body.IndexOf(';', StringComparison.Ordinal);
        var name = (semicolon < 0 ? body : body[..semicolon]).Trim(' ', '\t');
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < name.Length - 1
            && !name.AsSpan(0, slash).ContainsAnyExcept(Token) && !name.AsSpan(slash + 1).ContainsAnyExcept(Token)
            && !body.Any(character => char.IsControl(character) && character != '\t');
    }
}
