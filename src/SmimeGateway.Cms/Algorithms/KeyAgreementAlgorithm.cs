using System.Buffers.Binary;
using System.Formats.Asn1;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>
/// Ephemeral-static ECDH with the one-step KDF of X9.63, then AES key wrap (RFC 5753 section 3.1), as strong as the curve and the cipher.
/// </summary>
internal sealed class KeyAgreementAlgorithm
{
    private const int BitsPerOctet = 8;

    // The KDF digests the secret, a counter that starts with 1, and the shared info. No key here is longer than the shortest digest,
    // so that the counter never gets further.
    private static readonly byte[] Counter = [0, 0, 0, 1];

    private static readonly Asn1Tag UserKeyingMaterialTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag KeyLengthTag = new(TagClass.ContextSpecific, 2);

    private readonly byte[] _wrapIdentifier;

    /// <param name="scheme">The object identifier of the agreement with its KDF.</param>
    /// <param name="keyLength">The length in octets of the content-encryption key, and so of the key that encrypts it.</param>
    public KeyAgreementAlgorithm(string scheme, int keyLength)
    {
        KeyLength = keyLength;
        _wrapIdentifier = EncodeWrapIdentifier(keyLength);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(scheme);
            writer.WriteEncodedValue(_wrapIdentifier);
        }

        Identifier = writer.Encode();
    }

    /// <summary>The length in octets of the key-encryption key.</summary>
    public int KeyLength { get; }

    /// <summary>The DER of the algorithm identifier, with that of the key wrap in it.</summary>
    public byte[] Identifier { get; }

    /// <summary>What is digested after the secret: the counter and ECC-CMS-SharedInfo (RFC 5753 section 7.2).</summary>
    public byte[] EncodeAfterSecret(ReadOnlySpan<byte> userKeyingMaterial)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(_wrapIdentifier);
            using (writer.PushSequence(UserKeyingMaterialTag))
            {
                writer.WriteOctetString(userKeyingMaterial);
            }

            Span<byte> bits = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32BigEndian(bits, KeyLength * BitsPerOctet);
            using (writer.PushSequence(KeyLengthTag))
            {
                writer.WriteOctetString(bits);
            }
        }

        return [.. Counter, .. writer.Encode()];
    }

    private static byte[] EncodeWrapIdentifier(int keyLength)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            // RFC 3565 section 2.3.2: the parameters are absent.
            writer.WriteObjectIdentifier(keyLength switch
            {
                16 => Oids.Aes128Wrap,
                24 => Oids.Aes192Wrap,
                32 => Oids.Aes256Wrap,
                _ => throw new ArgumentOutOfRangeException(nameof(keyLength)),
            });
        }

        return writer.Encode();
    }
}
