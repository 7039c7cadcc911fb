using System.Security.Cryptography;
using SmimeGateway.Cms.Algorithms;

namespace SmimeGateway.Cms.Reading.Keys;

/// <summary>Takes the wrap off a key: AES (RFC 3394) and, for old mail, Triple-DES (RFC 3217).</summary>
internal static class KeyUnwrap
{
    private const int Half = 8;
    private const int LongestKey = 64;

    // RFC 3217 section 3.2.
    private static ReadOnlySpan<byte> TripleDesOuterVector => [0x4A, 0xDD, 0xA2, 0x2C, 0x79, 0xE8, 0x21, 0x05];

    /// <summary>The length of the wrapping key in octets; 0 for a wrap that is not known here.</summary>
    public static int KeyLengthOf(string wrapOid) => wrapOid switch
    {
        Oids.Aes128Wrap => 16,
        Oids.Aes192Wrap or Oids.TripleDesWrap => 24,
        Oids.Aes256Wrap => 32,
        _ => 0,
    };

    /// <summary>The name of the wrap, or its dotted form.</summary>
    public static string NameOf(string wrapOid) => wrapOid switch
    {
        Oids.Aes128Wrap => "AES-128 key wrap",
        Oids.Aes192Wrap => "AES-192 key wrap",
        Oids.Aes256Wrap => "AES-256 key wrap",
        Oids.TripleDesWrap => "3DES key wrap",
        _ => $"key wrap {wrapOid}",
    };

    /// <summary>The key inside, or null if it was wrapped by another key or altered.</summary>
    /// <exception cref="CryptographicException">The wrapping key is one that Triple-DES must not use.</exception>
    public static byte[]? TryUnwrap(string wrapOid, byte[] wrappingKey, ReadOnlySpan<byte> wrapped) => wrapOid == Oids.TripleDesWrap
        ? UnwrapTripleDes(wrappingKey, wrapped)
        : AesKeyWrap.TryUnwrap(wrappingKey, wrapped);

    // RFC 3217 section 3.2: decrypted, reversed, decrypted again; the key is followed by the beginning of its own digest.
#pragma warning disable CA5350 // Old mail is wrapped so; whoever reads it has allowed weak ciphers.
    private static byte[]? UnwrapTripleDes(byte[] wrappingKey, ReadOnlySpan<byte> wrapped)
    {
        // The RFC wraps keys of Triple-DES; OpenSSL wraps those of AES in the same way.
        var keyLength = wrapped.Length - (2 * Half);
        if (wrapped.Length % Half != 0 || keyLength is < Half or > LongestKey)
        {
            return null;
        }

        using var cipher = TripleDES.Create();
        cipher.Key = wrappingKey;
        var reversed = cipher.DecryptCbc(wrapped, TripleDesOuterVector, PaddingMode.None);
        Array.Reverse(reversed);
        var keyAndChecksum = cipher.DecryptCbc(reversed.AsSpan(Half), reversed.AsSpan(0, Half), PaddingMode.None);
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(keyAndChecksum.AsSpan(0, keyLength), digest);
        return CryptographicOperations.FixedTimeEquals(digest[..Half], keyAndChecksum.AsSpan(keyLength)) ? keyAndChecksum[..keyLength] : null;
    }
#pragma warning restore CA5350
}
