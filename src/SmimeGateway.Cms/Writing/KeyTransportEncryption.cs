using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;
using SmimeGateway.Cms.Algorithms.Modern;

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
    private readonly KeyTransportAlgorithm _algorithm;
    private readonly byte[] _template;
    private readonly int _encryptedLength;

    private KeyTransportEncryption(RSA key, KeyTransportAlgorithm algorithm, RecipientIdentifier identifier)
    {
        _key = key;
        _algorithm = algorithm;
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
        var key = certificate.GetRSAPublicKey() ?? throw new CryptographicException("The certificate has no RSA key.");
        return Prepare(certificate, key, algorithm, naming, out fault);
    }

    /// <summary>As the other, for a key that is for OAEP alone.</summary>
    public static RecipientEncryption? FindRestricted(
        X509Certificate2 certificate, KeyTransportAlgorithm configured, RecipientNaming naming, out CmsFault? fault)
    {
        try
        {
            return KeyTransportAlgorithm.ForOaepAlone(certificate, configured, out var reason) is { } algorithm
                ? Prepare(certificate, RareRsa.ReadPublicKey(certificate.GetPublicKey()), algorithm, naming, out fault)
                : Refuse($"its key is restricted otherwise: {reason!.TrimEnd('.')}", out fault);
        }
        catch (AsnContentException exception)
        {
            throw new CryptographicException("The parameters of the key are malformed.", exception);
        }
    }

    private static RecipientEncryption? Prepare(
        X509Certificate2 certificate, RSA key, KeyTransportAlgorithm algorithm, RecipientNaming naming, out CmsFault? fault)
    {
        fault = null;
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
        _algorithm.Encrypt(_key, contentKey, info.AsSpan(info.Length - _encryptedLength));
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
