using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Cms.Reading.Keys;

/// <summary>A key encrypted to an RSA key (RFC 5652 section 6.2.1, RFC 3370 section 4.2.1, RFC 3560).</summary>
internal sealed class TransportedKey : EncryptedKey
{
    // RSA keys of 16,384 bits, the longest that the framework takes.
    private const int MaxModulusOctets = 2048;

    private static readonly Asn1Tag KeyIdentifierTag = new(TagClass.ContextSpecific, 0);

    private readonly RSAEncryptionPadding? _padding;

    private TransportedKey(
        CertificateIdentifier identifier, string algorithmName, RSAEncryptionPadding? padding, CmsFault? fault, ReadOnlyMemory<byte> encrypted)
        : base(identifier, algorithmName, fault)
    {
        _padding = padding;
        Encrypted = encrypted;
    }

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> Encrypted { get; }

    /// <summary>Reads a KeyTransRecipientInfo.</summary>
    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    public static TransportedKey Read(AsnReader recipient)
    {
        // The version follows from the fields.
        recipient.ReadIntegerBytes();
        var identifier = recipient.PeekTag().HasSameClassAndValue(KeyIdentifierTag)
            ? CertificateIdentifier.OfKey(recipient.ReadOctetString(KeyIdentifierTag))
            : CertificateIdentifier.ReadIssuerAndSerial(recipient.ReadSequence());
        var algorithm = recipient.ReadSequence();
        var oid = algorithm.ReadObjectIdentifier();
        var (name, padding, reason) = oid switch
        {
            Oids.RsaEncryption => ("RSA", RSAEncryptionPadding.Pkcs1, null),
            Oids.RsaesOaep => OaepPadding.Read(algorithm),
            _ => (oid, null, $"The key transport {oid} is not supported."),
        };
        var encrypted = recipient.TryReadPrimitiveOctetString(out var primitive) ? primitive : recipient.ReadOctetString();
        recipient.ThrowIfNotEmpty();
        var fault = reason is null ? null : new CmsFault(CmsFaultKind.UnsupportedAlgorithm, reason);
        return new TransportedKey(identifier, name, padding, fault, encrypted);
    }

    /// <inheritdoc/>
    public override bool Fits(X509Certificate2 certificate) => certificate.PublicKey.Oid.Value == Oids.RsaEncryption;

    /// <inheritdoc/>
    protected override void TryDecrypt(CmsIdentity identity, Span<byte> key)
    {
        using var rsa = identity.Certificate.GetRSAPrivateKey();
        if (rsa is null || _padding is null)
        {
            return;
        }

        Span<byte> decrypted = stackalloc byte[MaxModulusOctets];
        if (rsa.TryDecrypt(Encrypted.Span, decrypted, _padding, out var written) && written == key.Length)
        {
            decrypted[..written].CopyTo(key);
        }

        CryptographicOperations.ZeroMemory(decrypted);
    }
}
