using System.Formats.Asn1;
using System.Security.Cryptography;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>From the secret of an encapsulation to the key that wraps (RFC 9629 section 5, RFC 9936 section 2.2.1).</summary>
internal static class KemDerivation
{
    private static readonly Asn1Tag UserKeyingMaterialTag = new(TagClass.ContextSpecific, 0);

    /// <summary>The digest of HKDF under an object identifier of RFC 8619; null for another derivation.</summary>
    public static DigestAlgorithm? FindDigest(string oid) => oid switch
    {
        Oids.HkdfWithSha256 => DigestAlgorithm.Sha256,
        Oids.HkdfWithSha384 => DigestAlgorithm.Sha384,
        Oids.HkdfWithSha512 => DigestAlgorithm.Sha512,
        _ => null,
    };

    /// <summary>The wrapping key. The salt is empty; what both sides know is expanded with.</summary>
    /// <param name="digest">The digest of HKDF.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="wrapIdentifier">The algorithm identifier of the key wrap, encoded as it is sent.</param>
    /// <param name="keyLength">The length of the wrapping key in octets.</param>
    /// <param name="userKeyingMaterial">What the sender adds, or null.</param>
    public static byte[] Derive(
        DigestAlgorithm digest, byte[] secret, ReadOnlySpan<byte> wrapIdentifier, int keyLength, byte[]? userKeyingMaterial)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(wrapIdentifier);
            writer.WriteInteger(keyLength);
            if (userKeyingMaterial is not null)
            {
                using (writer.PushSequence(UserKeyingMaterialTag))
                {
                    writer.WriteOctetString(userKeyingMaterial);
                }
            }
        }

        return HKDF.DeriveKey(digest.Hash, secret, keyLength, salt: null, writer.Encode());
    }
}
