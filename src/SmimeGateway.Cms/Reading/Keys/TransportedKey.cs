using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;
using SmimeGateway.Cms.Algorithms.Modern;

namespace SmimeGateway.Cms.Reading.Keys;

/// <summary>A key encrypted to an RSA key (RFC 5652 section 6.2.1, RFC 3370 section 4.2.1, RFC 3560).</summary>
internal sealed class TransportedKey : EncryptedKey
{
    // RSA keys of 16,384 bits, the longest that the framework takes.
    private const int MaxModulusOctets = 2048;

    private static readonly Asn1Tag KeyIdentifierTag = new(TagClass.ContextSpecific, 0);

    private readonly OaepParameters? _oaep;

    private TransportedKey(
        CertificateIdentifier identifier, string algorithmName, OaepParameters? oaep, CmsFault? fault, ReadOnlyMemory<byte> encrypted)
        : base(identifier, algorithmName, fault)
    {
        _oaep = oaep;
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
        var (name, reason) = ("RSA", (string?)null);
        OaepParameters? oaep = null;
        if (oid == Oids.RsaesOaep)
        {
            oaep = OaepParameters.Read(algorithm, out name, out reason);
        }
        else if (oid != Oids.RsaEncryption)
        {
            (name, reason) = (oid, $"The key transport {oid} is not supported.");
        }

        var encrypted = recipient.TryReadPrimitiveOctetString(out var primitive) ? primitive : recipient.ReadOctetString();
        recipient.ThrowIfNotEmpty();
        var fault = reason is null ? null : new CmsFault(CmsFaultKind.UnsupportedAlgorithm, reason);
        return new TransportedKey(identifier, name, oaep, fault, encrypted);
    }

    /// <inheritdoc/>
    public override bool Fits(X509Certificate2 certificate) =>
        certificate.PublicKey.Oid.Value == Oids.RsaEncryption || (_oaep is not null && certificate.PublicKey.Oid.Value == Oids.RsaesOaep);

    /// <inheritdoc/>
    protected override void TryDecrypt(CmsIdentity identity, Span<byte> key)
    {
        using var rsa = identity.IsDetached ? RareRsa.ReadPrivateKey(identity.DetachedKey, Oids.RsaesOaep) : identity.Certificate.GetRSAPrivateKey();
        if (rsa is null)
        {
            return;
        }

        if (_oaep is { FrameworkPadding: null })
        {
            DecryptRarely(rsa, key);
            return;
        }

        Span<byte> decrypted = stackalloc byte[MaxModulusOctets];
        if (rsa.TryDecrypt(Encrypted.Span, decrypted, _oaep?.FrameworkPadding ?? RSAEncryptionPadding.Pkcs1, out var written) && written == key.Length)
        {
            decrypted[..written].CopyTo(key);
        }

        CryptographicOperations.ZeroMemory(decrypted);
    }

    private void DecryptRarely(RSA rsa, Span<byte> key)
    {
        var decrypted = RareRsa.DecryptOaep(rsa, _oaep!, Encrypted.ToArray());
        if (decrypted.Length == key.Length)
        {
            decrypted.CopyTo(key);
        }

        CryptographicOperations.ZeroMemory(decrypted);
    }
}
