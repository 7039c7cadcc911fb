using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop.Encryption;

/// <summary>Who is expected to decrypt what; the tests compare every judge with it, and the published table is made from it.</summary>
internal static class ExpectedDecryptors
{
    /// <summary>Whether the judge of this name decrypts the combination; how many recipients there are never matters.</summary>
    public static bool Reads(string judge, EncryptionCombination combination) => judge switch
    {
        // These releases have neither OAEP nor ECDH nor GCM, and the first does not find its key by the key identifier.
        "GnuPG (gpgsm)" => IsOldest(combination) && combination.Naming == RecipientNaming.IssuerAndSerial,
        "NSS (Thunderbird)" => IsOldest(combination),
        ".NET EnvelopedCms" => !combination.IsAuthenticated && !TestKeys.IsElliptic(combination.Key),
        _ => true,
    };

    private static bool IsOldest(EncryptionCombination combination) =>
        !combination.IsAuthenticated && !TestKeys.IsElliptic(combination.Key) && combination.Transport == KeyTransport.RsaPkcs1;
}
