using System.Buffers;
using SmimeGateway.Cms;
using SmimeGateway.Mime;

namespace SmimeGateway.Deciding;

/// <summary>Looks through the layers of a message that arrives protected, at what programs show of it.</summary>
internal static class InnerLayers
{
    // More layers than RFC 2634 knows, and than any program peels off.
    private const int MaxLayers = 8;

    // What the largest message may be.
    private const int MaxInflatedOctets = 128 * 1024 * 1024;

    /// <summary>
    /// The entity inside all layers of signing and compressing (RFC 9787 section 4.2), the message itself where it has none; null where a
    /// layer cannot be looked through, as it is encrypted or broken.
    /// </summary>
    public static Entity? FindPayload(Entity message)
    {
        var layer = message;
        for (var i = 0; i < MaxLayers; i++)
        {
            if (layer.ContentType.MediaType == "multipart/signed")
            {
                if (!layer.TryGetParts(out var parts, out _) || parts.Count == 0)
                {
                    return null;
                }

                layer = parts[0];
            }
            else if (layer.ContentType.MediaType == "multipart/encrypted")
            {
                return null;
            }
            else if (Pkcs7Mime.TryRead(layer, out var cms, out _))
            {
                if (Unwrap(cms) is not { } content || !Entity.TryParse(content, MimeLimits.Standard, out var inner, out _))
                {
                    return null;
                }

                layer = inner;
            }
            else
            {
                return layer;
            }
        }

        return null;
    }

    private static byte[]? Unwrap(byte[] cms) =>
        SignedData.TryRead(cms, out var signed, out _) ? signed.Content is { } content ? content.ToArray() : null
        : CompressedData.TryDecompress(cms, MaxInflatedOctets, out var inflated, out _) ? inflated
        : null;
}
