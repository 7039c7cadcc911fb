using System.Text;

namespace SmimeGateway.Mime.Hardening;

/// <summary>
/// Content that somebody signed already. It came through other servers as it is, and any change would break its signature for certain,
/// while leaving it alone may only expose ours to the same risk.
/// </summary>
internal static class SignedContent
{
    /// <summary>True for multipart/signed, of S/MIME and of OpenPGP.</summary>
    public static bool Is(Entity entity) => entity.ContentType.MediaType == "multipart/signed";

    /// <summary>True when somewhere inside there is signed content with 8-bit octets, which the labels around it must go on to declare.</summary>
    public static bool IsWideInside(Entity entity)
    {
        if (Is(entity))
        {
            return !Ascii.IsValid(entity.Body.Span);
        }

        return entity.TryGetParts(out var parts, out _) && parts.Any(IsWideInside);
    }
}
