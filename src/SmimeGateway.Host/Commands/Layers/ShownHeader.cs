using SmimeGateway.Mime;
using SmimeGateway.Mime.ProtectedHeaders;

namespace SmimeGateway.Host.Commands.Layers;

/// <summary>The header that is protected with the content (RFC 9788).</summary>
/// <param name="Meant">Whether it was to be signed alone (clear) or encrypted (cipher).</param>
/// <param name="Fields">Its fields as a reader shows them.</param>
/// <param name="Hidden">The names of those that only recipients see.</param>
internal sealed record ShownHeader(HeaderProtectionValue Meant, IReadOnlyList<string> Fields, IReadOnlyList<string> Hidden)
{
    /// <summary>The protected header of an innermost entity, or null when it has none.</summary>
    public static ShownHeader? Of(Entity content) => HeaderProtection.TryRead(content, out var header)
        ? new ShownHeader(
            header.Value,
            [.. header.Fields.Select(field => $"{field.Name}: {field.Text}")],
            [.. header.Fields.Where(header.IsConfidential).Select(field => field.Name).Distinct(StringComparer.OrdinalIgnoreCase)])
        : null;
}
