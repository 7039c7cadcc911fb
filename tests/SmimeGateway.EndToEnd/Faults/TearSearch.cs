using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Faults;

namespace SmimeGateway.EndToEnd.Faults;

/// <summary>Finds delivered messages that are not what was sent: passed on with another body, or signed with a signature that fails.</summary>
internal static class TearSearch
{
    public static string? Find(CollectedMessage message) =>
        message.Field("Content-Type")?.StartsWith("multipart/signed", StringComparison.OrdinalIgnoreCase) == true
            ? FindInSigned(message.Content)
            : FaultClient.FindTear(message.Content);

    private static string? FindInSigned(byte[] content)
    {
        try
        {
            var parts = SignedParts.Of(content);
            var signed = new SignedCms(new ContentInfo(parts.SignedContent!), detached: true);
            signed.Decode(parts.Cms);
            signed.CheckSignature(verifySignatureOnly: true);
            return null;
        }
        catch (Exception trouble) when (trouble is CryptographicException or InvalidDataException or FormatException or ArgumentException)
        {
            return trouble.Message;
        }
    }
}
