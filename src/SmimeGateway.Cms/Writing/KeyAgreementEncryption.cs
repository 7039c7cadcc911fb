using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;

namespace SmimeGateway.Cms.Writing;

/// <summary>KeyAgreeRecipientInfo (RFC 5652 section 6.2.2) with ephemeral-static ECDH (RFC 5753 section 3.1), one for every recipient.</summary>
internal sealed class KeyAgreementEncryption : RecipientEncryption
{
    // RFC 5753 section 3.1.1: senders should include it, so that no key-encryption key comes twice even if an ephemeral key did.
    private const int UserKeyingMaterialLength = 32;

    private const byte UncompressedPoint = 0x04;

    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context1 = new(TagClass.ContextSpecific, 1);

    private readonly ECDiffieHellman _key;
    private readonly ECDiffieHellmanPublicKey _publicKey;
    private readonly ECCurve _curve;
    private readonly HashAlgorithmName _digest;
    private readonly byte[] _identifier;
    private readonly KeyAgreementAlgorithm[] _algorithms;

    private KeyAgreementEncryption(ECDiffieHellman key, AgreementCurve curve, RecipientIdentifier identifier)
    {
        _key = key;
        _publicKey = key.PublicKey;
        _curve = curve.Curve;
        _digest = curve.Digest;
        _identifier = identifier.Encoded;
        _algorithms = [new(curve.Scheme, 16), new(curve.Scheme, 24), new(curve.Scheme, 32)];
    }

    /// <inheritdoc/>
    public override int Version => 3;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Identifier => _identifier;

    /// <summary>Prepares the elliptic-curve key of a certificate; null with a fault if nothing can be encrypted to it.</summary>
    public static RecipientEncryption? Find(X509Certificate2 certificate, RecipientNaming naming, out CmsFault? fault)
    {
        fault = null;
        if (certificate.GetECDiffieHellmanPublicKey() is not { } key)
        {
            return Refuse("its key usage does not allow key agreement", out fault);
        }

        if (AgreementCurve.Find(key) is { } curve)
        {
            return new KeyAgreementEncryption(key, curve, RecipientIdentifier.ForAgreement(certificate, naming));
        }

        key.Dispose();
        return Refuse("its key is on a curve that is not supported", out fault);
    }

    /// <inheritdoc/>
    public override byte[] Encrypt(ReadOnlySpan<byte> contentKey)
    {
        var length = contentKey.Length;
        var algorithm = Array.Find(_algorithms, algorithm => algorithm.KeyLength == length)
            ?? throw new ArgumentOutOfRangeException(nameof(contentKey));
        var userKeyingMaterial = RandomNumberGenerator.GetBytes(UserKeyingMaterialLength);
        using var ephemeral = ECDiffieHellman.Create(_curve);
        Span<byte> encrypted = stackalloc byte[length + AesKeyWrap.Overhead];
        var agreed = ephemeral.DeriveKeyFromHash(_publicKey, _digest, null, algorithm.EncodeAfterSecret(userKeyingMaterial));
        AesKeyWrap.Wrap(agreed.AsSpan(0, length), contentKey, encrypted);
        CryptographicOperations.ZeroMemory(agreed);
        return Encode(ephemeral, userKeyingMaterial, algorithm, encrypted);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _publicKey.Dispose();
        _key.Dispose();
    }

    private byte[] Encode(
        ECDiffieHellman ephemeral,
        ReadOnlySpan<byte> userKeyingMaterial,
        KeyAgreementAlgorithm algorithm,
        ReadOnlySpan<byte> encryptedKey)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence(Context1))
        {
            writer.WriteInteger(Version);
            using (writer.PushSequence(Context0))
            using (writer.PushSequence(Context1))
            {
                WriteOriginatorKey(writer, ephemeral);
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

    private static void WriteOriginatorKey(AsnWriter writer, ECDiffieHellman ephemeral)
    {
        var point = ephemeral.ExportParameters(includePrivateParameters: false).Q;
        using (writer.PushSequence())
        {
            // RFC 5753 section 3.1.1: the parameters should be absent, for the curve is that of the recipient.
            writer.WriteObjectIdentifier(Oids.EcPublicKey);
        }

        writer.WriteBitString([UncompressedPoint, .. point.X!, .. point.Y!]);
    }
}
