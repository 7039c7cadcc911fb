using System.Security.Cryptography;

namespace SmimeGateway.Cms.Reading.Keys;

/// <summary>
/// Keys that stand in for those that cannot be decrypted. The same encrypted key has the same decoy, as it would have the same true key:
/// who sends it twice learns nothing from a difference.
/// </summary>
internal static class DecoyKey
{
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);

    /// <summary>Fills the key, which is at most as long as the longest key of a cipher, 32 octets.</summary>
    public static void Make(ReadOnlySpan<byte> encrypted, Span<byte> key)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Secret, encrypted, hash);
        hash[..key.Length].CopyTo(key);
    }
}
