using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms.Modern;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>A way to encrypt a key with RSA.</summary>
/// <param name="Oaep">The parameters of OAEP; null for PKCS#1 v1.5.</param>
internal sealed record KeyTransportAlgorithm(OaepParameters? Oaep)
{
    private const int Pkcs1Overhead = 11;

    private static readonly KeyTransportAlgorithm Pkcs1 = new(Oaep: null);
    private static readonly KeyTransportAlgorithm OaepSha1 = OaepWith(DigestAlgorithm.Sha1);
    private static readonly KeyTransportAlgorithm OaepSha256 = OaepWith(DigestAlgorithm.Sha256);
    private static readonly KeyTransportAlgorithm OaepSha384 = OaepWith(DigestAlgorithm.Sha384);
    private static readonly KeyTransportAlgorithm OaepSha512 = OaepWith(DigestAlgorithm.Sha512);

    private readonly RSAEncryptionPadding? _padding = Oaep is null ? RSAEncryptionPadding.Pkcs1 : Oaep.FrameworkPadding;

    /// <summary>Its name for people.</summary>
    public string Name => Oaep is null ? "PKCS#1 v1.5" : $"OAEP with {Oaep.Digest.Name}";

    /// <summary>How much shorter than the modulus a key must be (RFC 8017 sections 7.1.1 and 7.2.1).</summary>
    public int Overhead => Oaep is null ? Pkcs1Overhead : (2 * Oaep.Digest.Length) + 2;

    /// <summary>The algorithm of a configured transport.</summary>
    public static KeyTransportAlgorithm Of(KeyTransport transport) => transport switch
    {
        KeyTransport.RsaPkcs1 => Pkcs1,
        KeyTransport.OaepSha1 => OaepSha1,
        KeyTransport.OaepSha256 => OaepSha256,
        KeyTransport.OaepSha384 => OaepSha384,
        KeyTransport.OaepSha512 => OaepSha512,
    };

    /// <summary>
    /// The algorithm of a key that is for OAEP alone: what its certificate says (RFC 4055 section 4.1), or where that says nothing, what is configured
    /// if it is OAEP, and SHA-256 if it is not. Null with the reason where that is not supported.
    /// </summary>
    /// <exception cref="AsnContentException">The parameters in the certificate are malformed.</exception>
    public static KeyTransportAlgorithm? ForOaepAlone(X509Certificate2 certificate, KeyTransportAlgorithm configured, out string? reason)
    {
        reason = null;
        if (certificate.GetKeyAlgorithmParameters() is not { Length: > 0 } parameters)
        {
            return configured.Oaep is null ? OaepSha256 : configured;
        }

        return OaepParameters.Read(new AsnReader(parameters, AsnEncodingRules.BER), out _, out reason) is { } oaep
            ? new KeyTransportAlgorithm(oaep)
            : null;
    }

    /// <summary>Encrypts a key into the destination, which is as long as the modulus.</summary>
    /// <exception cref="CryptographicException">The recipient's key cannot be used.</exception>
    public void Encrypt(RSA recipient, ReadOnlySpan<byte> key, Span<byte> destination)
    {
        if (_padding is not null)
        {
            recipient.Encrypt(key, destination, _padding);
        }
        else
        {
            EncryptRarely(recipient, key, destination);
        }
    }

    /// <summary>The DER of its algorithm identifier.</summary>
    public byte[] EncodeAlgorithmIdentifier()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oaep is null ? Oids.RsaEncryption : Oids.RsaesOaep);
            if (Oaep is null)
            {
                writer.WriteNull();
            }
            else
            {
                Oaep.Write(writer);
            }
        }

        return writer.Encode();
    }

    private static KeyTransportAlgorithm OaepWith(DigestAlgorithm digest) => new(new OaepParameters(digest, digest, default));

    private void EncryptRarely(RSA recipient, ReadOnlySpan<byte> key, Span<byte> destination)
    {
        var plain = key.ToArray();
        RareRsa.EncryptOaep(recipient, Oaep!, plain).CopyTo(destination);
        CryptographicOperations.ZeroMemory(plain);
    }
}
