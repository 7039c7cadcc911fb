using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Mime.ProtectedForms;

namespace SmimeGateway.Mime.ProtectedHeaders;

/// <summary>The layers that a content may have already (RFC 9787 section 4.2): what they cover cannot be changed.</summary>
internal static class CryptographicLayers
{
    /// <summary>Whether the entity is signed, encrypted or compressed, and not the payload of all that.</summary>
    public static bool Is(Entity entity) =>
        entity.ContentType.MediaType is "multipart/signed" or "multipart/encrypted" || SmimeTypes.IsPkcs7Mime(entity);

    /// <summary>
    /// The protected header that a clear-signed entity has inside. What is inside a CMS object is not looked for: Mime reads no CMS.
    /// </summary>
    public static bool TryReadHeader(Entity layer, [NotNullWhen(true)] out ProtectedHeader? header)
    {
        while (layer.ContentType.MediaType == "multipart/signed" && layer.TryGetParts(out var parts, out _) && parts.Count > 0)
        {
            layer = parts[0];
        }

        header = null;
        return !Is(layer) && HeaderProtection.TryRead(layer, out header);
    }
}
