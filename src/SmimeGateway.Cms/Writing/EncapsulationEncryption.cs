using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;
using SmimeGateway.Cms.Algorithms.Modern;

namespace SmimeGateway.Cms.Writing;

/// <summary>KEMRecipientInfo (RFC 9629 section 3) with ML-KEM, HKDF with SHA-256 and the key wrap that RFC 9936 asks of everybody.</summary>
internal sealed class EncapsulationEncryption : RecipientEncryption
{
    private static readonly Asn1Tag OtherRecipientTag = new(TagClass.ContextSpecific, 4);

    private readonly string _oid;
    private readonly byte[] _key;
    private readonly byte[] _identifier;
    private readonly int _keyLength;
    private readonly byte[] _wrapIdentifier;

    private EncapsulationEncryption(string oid, byte[] key, RecipientIdentifier identifier)
    {
        _oid = oid;
        _key = key;
        _identifier = identifier.Encoded;
        var isShort = oid == Oids.MlKem512;
        _keyLength = isShort ? 16 : 32;
        _wrapIdentifier = SignatureAlgorithm.EncodeBare(isShort ? Oids.Aes128Wrap : Oids.Aes256Wrap);
    }

    /// <inheritdoc/>
    public override int Version => 0;

    /// <inheritdoc/>
    public override bool IsOther => true;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Identifier => _identifier;

    /// <summary>Prepares the key of a certificate. Whether it is one, is seen when it is first encapsulated to.</summary>
    public static EncapsulationEncryption Of(X509Certificate2 certificate, RecipientNaming naming) =>
        new(certificate.GetKeyAlgorithm(), certificate.GetPublicKey(), RecipientIdentifier.ForTransport(certificate, naming));

    /// <inheritdoc/>
    public override byte[] Encrypt(ReadOnlySpan<byte> contentKey)
    {
        var (secret, ciphertext) = MlKem.Encapsulate(_oid, _key);
        var wrappingKey = KemDerivation.Derive(DigestAlgorithm.Sha256, secret, _wrapIdentifier, _keyLength, userKeyingMaterial: null);
        Span<byte> encrypted = stackalloc byte[contentKey.Length + AesKeyWrap.Overhead];
        AesKeyWrap.Wrap(wrappingKey, contentKey, encrypted);
        CryptographicOperations.ZeroMemory(secret);
        CryptographicOperations.ZeroMemory(wrappingKey);
        return Encode(ciphertext, encrypted);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    private byte[] Encode(ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> encryptedKey)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence(OtherRecipientTag))
        {
            writer.WriteObjectIdentifier(Oids.KemRecipient);
            using (writer.PushSequence())
            {
                writer.WriteInteger(Version);
                writer.WriteEncodedValue(_identifier);
                writer.WriteEncodedValue(SignatureAlgorithm.EncodeBare(_oid));
                writer.WriteOctetString(ciphertext);
                writer.WriteEncodedValue(SignatureAlgorithm.EncodeBare(Oids.HkdfWithSha256));
                writer.WriteInteger(_keyLength);
                writer.WriteEncodedValue(_wrapIdentifier);
                writer.WriteOctetString(encryptedKey);
            }
        }

        return writer.Encode();
    }
}
