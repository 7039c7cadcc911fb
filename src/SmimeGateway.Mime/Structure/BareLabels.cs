namespace SmimeGateway.Mime.Structure;

/// <summary>Tells whether the fields beside a protected object name it and say nothing else.</summary>
internal static class BareLabels
{
    // The longest that mail programs write: a type with its parameters in two or three lines.
    private const int MaxFieldLength = 256;

    // What they call the object in Content-Description, such as "OpenPGP encrypted message" and "PGP/MIME version identification".
    private static readonly string[] Names = ["PGP", "S/MIME", "encrypt"];

    /// <summary>Whether a message's own fields of content are bare; its other fields travel in the open with every message.</summary>
    public static bool AreBareOfMessage(HeaderSection header) => header.All(field => field.IsField && (!field.IsContentField || IsBare(field)));

    /// <summary>Whether all fields of a part are bare.</summary>
    public static bool AreBareOfPart(HeaderSection header) =>
        header.All(field => (field.IsContentField && IsBare(field)) || (field.Is(MimeVersion.Name) && field.Raw.Length <= MaxFieldLength));

    private static bool IsBare(HeaderField field) =>
        field.Raw.Length <= MaxFieldLength
        && (!field.Is("Content-Description") || Names.Any(name => field.Text.Contains(name, StringComparison.OrdinalIgnoreCase)));
}
