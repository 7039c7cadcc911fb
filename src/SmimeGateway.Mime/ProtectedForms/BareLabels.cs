using SmimeGateway.Mime.Fields;

namespace SmimeGateway.Mime.ProtectedForms;

/// <summary>
/// Tells whether the fields beside a protected object name it and say nothing else. All of them are known, each stands once and is short,
/// and so is what they say together.
/// </summary>
internal static class BareLabels
{
    // The longest that mail programs write: a type with its parameters in two or three lines.
    private const int MaxFieldLength = 256;

    // A boundary has no more (RFC 2046 section 5.1.1), and neither has any name of a file that stands for the object.
    private const int MaxValueLength = 70;

    // What programs call the object in Content-Description, such as "OpenPGP encrypted message" and "PGP/MIME version identification".
    private static readonly string[] Names = ["PGP", "S/MIME", "encrypt"];

    private static readonly string[] TypeParameters = ["smime-type", "name", "protocol", "boundary", "micalg", "charset", "format", "delsp", "x-action"];

    private static readonly string[] DispositionParameters = ["filename", "size"];

    /// <summary>Whether a message's own fields of content are bare; its other fields travel in the open with every message.</summary>
    public static bool AreBareOfMessage(HeaderSection header) =>
        header.All(field => field.IsField) && AreBare([.. header.Where(field => field.IsContentField)]);

    /// <summary>Whether all fields of a part are bare.</summary>
    public static bool AreBareOfPart(HeaderSection header) => AreBare(header);

    private static bool AreBare(IReadOnlyList<HeaderField> fields)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return fields.All(field => names.Add(field.Name) && field.Raw.Length <= MaxFieldLength && IsBare(field));
    }

    // Programs name the language of a message and its class of Exchange as well, whatever the message is.
    private static bool IsBare(HeaderField field) => field.Name.ToUpperInvariant() switch
    {
        "CONTENT-TYPE" => IsBare(field, isType: true, TypeParameters),
        "CONTENT-DISPOSITION" => IsBare(field, isType: false, DispositionParameters),
        "CONTENT-TRANSFER-ENCODING" => IsBare(field, isType: false, []),
        "CONTENT-DESCRIPTION" => field.Text.Length <= MaxValueLength && Names.Any(name => field.Text.Contains(name, StringComparison.OrdinalIgnoreCase)),
        "CONTENT-LANGUAGE" => field.Body.Length <= 8 && field.Body.All(character => char.IsAsciiLetterOrDigit(character) || character == '-'),
        "CONTENT-CLASS" => field.Body == "urn:content-classes:message",
        "MIME-VERSION" => field.Body == "1.0",
        _ => false,
    };

    // A word, and known parameters, each of them once; a comment or what belongs to no parameter is text.
    private static bool IsBare(HeaderField field, bool isType, string[] known)
    {
        var reader = new ParameterReader(field.Body);
        var word = reader.ReadToken();
        var subtype = isType && reader.TrySkip('/') ? reader.ReadToken() : string.Empty;
        var parameters = reader.ReadParameters();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return reader.IsClean && word.Length <= MaxValueLength && subtype.Length <= MaxValueLength
            && parameters.Written.All(parameter =>
                parameter.Value.Length <= MaxValueLength
                && ParameterPiece.Read(parameter.Key, parameter.Value) is { Index: null, Name: var name }
                && known.Contains(name, StringComparer.OrdinalIgnoreCase) && names.Add(name));
    }
}
