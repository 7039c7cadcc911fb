using SmimeGateway.Mime;

namespace SmimeGateway.Host.Commands.Layers;

/// <summary>The tree of a message's parts, for people who want to see what a message is made of.</summary>
/// <param name="Type">The media type.</param>
/// <param name="Encoding">The transfer encoding.</param>
/// <param name="Octets">The size of the body as it stands in the message.</param>
/// <param name="Parts">The parts of a multipart or the message inside a message.</param>
internal sealed record Structure(string Type, string Encoding, int Octets, IReadOnlyList<Structure> Parts)
{
    public static Structure Read(Entity entity) => new(
        entity.ContentType.MediaType,
        entity.TransferEncoding,
        entity.Body.Length,
        entity.TryGetParts(out var parts, out _) ? [.. parts.Select(Read)] : []);

    /// <summary>One line for each part, indented by its depth.</summary>
    public IEnumerable<string> Lines(int depth = 0) =>
        Parts.SelectMany(part => part.Lines(depth + 1)).Prepend($"{new string(' ', depth * 2)}{Type} ({Encoding}, {Octets} octets)");
}
