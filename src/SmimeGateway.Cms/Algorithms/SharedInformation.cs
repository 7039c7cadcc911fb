using System.Buffers.Binary;
using System.Formats.Asn1;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>ECC-CMS-SharedInfo: what both sides of a key agreement know besides the secret (RFC 5753 section 7.2).</summary>
internal static class SharedInformation
{
    private const int BitsPerOctet = 8;

    private static readonly Asn1Tag UserKeyingMaterialTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag KeyLengthTag = new(TagClass.ContextSpecific, 2);

    /// <summary>Its DER.</summary>
    /// <param name="wrapIdentifier">The algorithm identifier of the key wrap, encoded as it is sent.</param>
    /// <param name="userKeyingMaterial">What the sender adds, or null.</param>
    /// <param name="keyLength">The length in octets of the key-encryption key.</param>
    public static byte[] Encode(ReadOnlySpan<byte> wrapIdentifier, byte[]? userKeyingMaterial, int keyLength)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(wrapIdentifier);
            if (userKeyingMaterial is not null)
            {
                using (writer.PushSequence(UserKeyingMaterialTag))
                {
                    writer.WriteOctetString(userKeyingMaterial);
                }
            }

            Span<byte> bits = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32BigEndian(bits, keyLength * BitsPerOctet);
            using (writer.PushSequence(KeyLengthTag))
            {
                writer.WriteOctetString(bits);
            }
        }

        return writer.Encode();
    }
}
