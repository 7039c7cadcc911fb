using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Cms;
using SmimeGateway.Mime;

namespace SmimeGateway.Opening;

/// <summary>A signature with the content it is for.</summary>
/// <param name="Signature">The CMS object.</param>
/// <param name="Content">The content, inside the object or beside it.</param>
internal sealed record SignedContent(SignedData Signature, ReadOnlySequence<byte> Content)
{
    /// <summary>Takes a clear or opaque signed entity apart.</summary>
    public static bool TryRead(
        ExistingProtection form, Entity entity, [NotNullWhen(true)] out SignedContent? signed, [NotNullWhen(false)] out string? reason)
    {
        signed = null;
        ReadOnlySequence<byte>? detached = null;
        byte[]? cms;
        if (form == ExistingProtection.ClearSigned)
        {
            if (!MultipartSigned.TryRead(entity, out var part, out cms, out var fault))
            {
                reason = fault.Reason;
                return false;
            }

            detached = new ReadOnlySequence<byte>(part);
        }
        else if (!Pkcs7Mime.TryRead(entity, out cms, out var fault))
        {
            reason = fault.Reason;
            return false;
        }

        if (!SignedData.TryRead(cms, out var signature, out var unreadable))
        {
            reason = unreadable.Reason;
            return false;
        }

        if ((detached ?? signature.Content) is not { } content)
        {
            reason = "the signature comes without the content it is for";
            return false;
        }

        reason = null;
        signed = new SignedContent(signature, content);
        return true;
    }
}
