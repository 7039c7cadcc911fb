using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;

namespace SmimeGateway.Cms.Writing;

/// <summary>
/// KeyTransRecipientInfo (RFC 5652 section 6.2.1) with RSA. All of it is encoded once; only the encrypted key, which ends it and is as
/// long as the modulus, is filled in.
/// </summary>
internal sealed class KeyTransportEncryption : RecipientEncryption
{
    private const int MinKeyBits = 1024;

    // The longest that OpenSSL computes with.
    private const int MaxKeyBits = 16384;

    private readonly RSA _key;
    private readonly RSAEncryptionPadding _padding;
    private readonly byte[] _template;
    private readonly int _encryptedLength;

    private KeyTransportEncryption(RSA key, KeyTransportAlgorithm algorithm, RecipientIdentifier identifier)
    {
        _key = key;
        _padding = algorithm.Padding;
        _encryptedLength = OctetsOf(key);
        Identifier = identifier.Encoded;
        Version = identifier.IsKeyIdentifier ? 2 : 0;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(Version);
            writer.WriteEncodedValue(identifier.Encoded);
            writer.WriteEncodedValue(algorithm.EncodeAlgorithmIdentifier());
            writer.WriteOctetString(new byte[_encryptedLength]);
        }

        _template = writer.Encode();
    }

    /// <inheritdoc/>
    public override int Version { get; }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Identifier { get; }

    /// <summary>Prepares the RSA key of a certificate; null with a fault if nothing can be encrypted to it.</summary>
    public static RecipientEncryption? Find(
        X509Certificate2 certificate, KeyTransportAlgorithm algorithm, RecipientNaming naming, out CmsFault? fault)
    {
        fault = null;
        var key = certificate.GetRSAPublicKey() ?? throw new CryptographicException("The certificate has no RSA key.");
        var refusal = FindFlaw(key, algorithm);
        if (refusal is null)
        {
            return new KeyTransportEncryption(key, algorithm, RecipientIdentifier.ForTransport(certificate, naming));
        }

        key.Dispose();
        return Refuse(refusal, out fault);
    }

    /// <inheritdoc/>
    public override byte[] Encrypt(ReadOnlySpan<byte> contentKey)
    {
        var info = _template.AsSpan().ToArray();
        _key.Encrypt(contentKey, info.AsSpan(info.Length - _encryptedLength), _padding);
        return info;
    }

    /// <inheritdoc/>
    public override void Dispose() => _key.Dispose();

    private static string? FindFlaw(RSA key, KeyTransportAlgorithm algorithm)
    {
        if (key.KeySize is < MinKeyBits or > MaxKeyBits)
        {
            return $"its RSA key has {key.KeySize} bits";
        }

        if (OctetsOf(key) - algorithm.Overhead < ContentAlgorithm.MaxKeyLength)
        {
            return $"its RSA key of {key.KeySize} bits is too short for {algorithm.Name}";
        }

        // With the exponent 1 the ciphertext would be the plaintext, and with an even one nobody could decrypt.
        var exponent = key.ExportParameters(includePrivateParameters: false).Exponent.AsSpan().TrimStart((byte)0);
        return exponent is [] or [1] || (exponent[^1] & 1) == 0 ? "the exponent of its RSA key is none" : null;
    }

    private static int OctetsOf(RSA key) => (key.KeySize + 7) / 8;
}
