using System.Buffers;
using SmimeGateway.Cms;
using SmimeGateway.Mime;
using SmimeGateway.Mime.ProtectedForms;

namespace SmimeGateway.Protecting;

/// <summary>
/// Reads a signed message back from its final bytes, the way a recipient would, and checks its signature. Each method returns null
/// when it verifies, else what is wrong.
/// </summary>
internal static class SignatureProof
{
    public static string? OfClear(ReadOnlyMemory<byte> message, Signer signer)
    {
        if (!Entity.TryParse(message, MimeLimits.Standard, out var entity, out var fault)
            || !MultipartSigned.TryRead(entity, out var part, out var signature, out fault))
        {
            return fault.Reason;
        }

        return signer.VerifyOwn(signature, new ReadOnlySequence<byte>(part))?.Reason;
    }

    public static string? OfOpaque(ReadOnlyMemory<byte> message, ReadOnlySequence<byte> content, Signer signer)
    {
        if (!Entity.TryParse(message, MimeLimits.Standard, out var entity, out var fault) || !Pkcs7Mime.TryRead(entity, out var cms, out fault))
        {
            return fault.Reason;
        }

        return signer.VerifyOwnEncapsulated(cms, content)?.Reason;
    }
}
