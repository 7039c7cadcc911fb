using System.Formats.Asn1;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>
/// Ephemeral-static ECDH with the one-step KDF of X9.63 (RFC 5753 section 3.1) or with HKDF (RFC 8418 section 2.2), then AES key wrap, as
/// strong as the curve and the cipher.
/// </summary>
internal sealed class KeyAgreementAlgorithm
{
    // The KDF digests the secret, a counter that starts with 1, and the shared info. No key here is longer than the shortest digest,
    // so that the counter never gets further.
    private static readonly byte[] Counter = [0, 0, 0, 1];

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

    /// <summary>What is digested after the secret: the counter and the <see cref="SharedInformation"/>.</summary>
    public byte[] EncodeAfterSecret(byte[] userKeyingMaterial) => [.. Counter, .. EncodeSharedInformation(userKeyingMaterial)];

    /// <summary>The <see cref="SharedInformation"/> alone, which HKDF expands with.</summary>
    public byte[] EncodeSharedInformation(byte[] userKeyingMaterial) =>
        SharedInformation.Encode(_wrapIdentifier, userKeyingMaterial, KeyLength);

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
