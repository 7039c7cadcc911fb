using System.Formats.Asn1;
using System.Security.Cryptography;
using SmimeGateway.Cms.Algorithms;

namespace SmimeGateway.Cms.Writing;

/// <summary>KeyAgreeRecipientInfo (RFC 5652 section 6.2.2) with an ephemeral key and the recipient's static one, one for every recipient.</summary>
internal abstract class KeyAgreementEncryption : RecipientEncryption
{
    // RFC 5753 section 3.1.1: senders should include it, so that no key-encryption key comes twice even if an ephemeral key did.
    private const int UserKeyingMaterialLength = 32;

    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context1 = new(TagClass.ContextSpecific, 1);

    private readonly byte[] _identifier;
    private readonly string _keyOid;
    private readonly KeyAgreementAlgorithm[] _algorithms;

    /// <param name="keyOid">The algorithm of the keys that agree.</param>
    /// <param name="scheme">The object identifier of the agreement with its KDF.</param>
    /// <param name="identifier">How the recipient is named.</param>
    protected KeyAgreementEncryption(string keyOid, string scheme, RecipientIdentifier identifier)
    {
        _keyOid = keyOid;
        _identifier = identifier.Encoded;
        _algorithms = [new(scheme, 16), new(scheme, 24), new(scheme, 32)];
    }

    /// <inheritdoc/>
    public override int Version => 3;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Identifier => _identifier;

    /// <inheritdoc/>
    public override byte[] Encrypt(ReadOnlySpan<byte> contentKey)
    {
        var length = contentKey.Length;
        var algorithm = Array.Find(_algorithms, algorithm => algorithm.KeyLength == length)
            ?? throw new ArgumentOutOfRangeException(nameof(contentKey));
        var userKeyingMaterial = RandomNumberGenerator.GetBytes(UserKeyingMaterialLength);
        Span<byte> encrypted = stackalloc byte[length + AesKeyWrap.Overhead];
        var agreed = Agree(algorithm, userKeyingMaterial, out var ephemeral);
        AesKeyWrap.Wrap(agreed.AsSpan(0, length), contentKey, encrypted);
        CryptographicOperations.ZeroMemory(agreed);
        return Encode(ephemeral, userKeyingMaterial, algorithm, encrypted);
    }

    /// <summary>Makes an ephemeral key and agrees with the recipient's; returns the wrapping key, or more.</summary>
    /// <param name="algorithm">How.</param>
    /// <param name="userKeyingMaterial">What both sides know besides.</param>
    /// <param name="ephemeral">The public half of the ephemeral key.</param>
    protected abstract byte[] Agree(KeyAgreementAlgorithm algorithm, byte[] userKeyingMaterial, out byte[] ephemeral);

    private byte[] Encode(
        ReadOnlySpan<byte> ephemeral, ReadOnlySpan<byte> userKeyingMaterial, KeyAgreementAlgorithm algorithm, ReadOnlySpan<byte> encryptedKey)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence(Context1))
        {
            writer.WriteInteger(Version);
            using (writer.PushSequence(Context0))
            using (writer.PushSequence(Context1))
            {
                using (writer.PushSequence())
                {
                    // RFC 5753 section 3.1.1: the parameters should be absent, for the curve is that of the recipient.
                    writer.WriteObjectIdentifier(_keyOid);
                }

                writer.WriteBitString(ephemeral);
            }

            using (writer.PushSequence(Context1))
            {
                writer.WriteOctetString(userKeyingMaterial);
            }

            writer.WriteEncodedValue(algorithm.Identifier);
            using (writer.PushSequence())
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(_identifier);
                writer.WriteOctetString(encryptedKey);
            }
        }

        return writer.Encode();
    }
}
