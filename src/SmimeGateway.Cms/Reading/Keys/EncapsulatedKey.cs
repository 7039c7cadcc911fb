using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;
using SmimeGateway.Cms.Algorithms.Modern;

namespace SmimeGateway.Cms.Reading.Keys;

/// <summary>A key wrapped by a key that an ML-KEM ciphertext leads to (RFC 9629 section 3, RFC 9936).</summary>
internal sealed class EncapsulatedKey : EncryptedKey
{
    private static readonly Asn1Tag KeyIdentifierTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag UserKeyingMaterialTag = new(TagClass.ContextSpecific, 0);

    private readonly Fields _fields;

    private EncapsulatedKey(Fields fields)
        : base(fields.Identifier, NameOf(fields), FaultOf(fields)) => _fields = fields;

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> Encrypted => _fields.Encrypted;

    /// <summary>Reads a KEMRecipientInfo.</summary>
    /// <exception cref="AsnContentException">The encoding is malformed.</exception>
    public static EncapsulatedKey Read(AsnReader recipient)
    {
        // The version is always 0.
        recipient.ReadIntegerBytes();
        var identifier = recipient.PeekTag().HasSameClassAndValue(KeyIdentifierTag)
            ? CertificateIdentifier.OfKey(recipient.ReadOctetString(KeyIdentifierTag))
            : CertificateIdentifier.ReadIssuerAndSerial(recipient.ReadSequence());
        var kemOid = recipient.ReadSequence().ReadObjectIdentifier();
        var ciphertext = recipient.ReadOctetString();
        var derivationOid = recipient.ReadSequence().ReadObjectIdentifier();
        if (!recipient.TryReadInt32(out var keyLength))
        {
            throw new AsnContentException();
        }

        var material = recipient.PeekTag().HasSameClassAndValue(UserKeyingMaterialTag)
            ? recipient.ReadSequence(UserKeyingMaterialTag).ReadOctetString()
            : null;
        var wrap = recipient.ReadEncodedValue();
        var wrapOid = new AsnReader(wrap, AsnEncodingRules.BER).ReadSequence().ReadObjectIdentifier();
        var encrypted = recipient.ReadOctetString();
        recipient.ThrowIfNotEmpty();
        return new EncapsulatedKey(new Fields(identifier, kemOid, ciphertext, derivationOid, keyLength, material, wrapOid, wrap, encrypted));
    }

    /// <inheritdoc/>
    public override bool Fits(X509Certificate2 certificate) => certificate.PublicKey.Oid.Value == _fields.KemOid;

    /// <inheritdoc/>
    protected override void TryDecrypt(CmsIdentity identity, Span<byte> key)
    {
        var secret = MlKem.Decapsulate(_fields.KemOid, identity.DetachedKey, _fields.Ciphertext);
        var wrappingKey = KemDerivation.Derive(
            KemDerivation.FindDigest(_fields.DerivationOid)!, secret, _fields.Wrap.Span, _fields.KeyLength, _fields.UserKeyingMaterial);
        if (AesKeyWrap.TryUnwrap(wrappingKey, _fields.Encrypted.Span) is { } unwrapped && unwrapped.Length == key.Length)
        {
            unwrapped.CopyTo(key);
            CryptographicOperations.ZeroMemory(unwrapped);
        }

        CryptographicOperations.ZeroMemory(secret);
        CryptographicOperations.ZeroMemory(wrappingKey);
    }

    private static string NameOf(Fields fields) => KemDerivation.FindDigest(fields.DerivationOid) is { } digest
        ? $"{MlKem.NameOf(fields.KemOid)} HKDF {digest.Name}, {KeyUnwrap.NameOf(fields.WrapOid)}"
        : MlKem.NameOf(fields.KemOid);

    // Only AES wraps: nobody who knows ML-KEM wraps with anything older. The length stands twice, and must not contradict itself
    // (RFC 9936 section 2.2.1).
    private static CmsFault? FaultOf(Fields fields)
    {
        var reason = !MlKem.IsKnown(fields.KemOid) ? $"The key encapsulation {fields.KemOid} is not supported."
            : KemDerivation.FindDigest(fields.DerivationOid) is null ? $"The key derivation {fields.DerivationOid} is not supported."
            : fields.WrapOid is not (Oids.Aes128Wrap or Oids.Aes192Wrap or Oids.Aes256Wrap) ? $"The key wrap {fields.WrapOid} is not supported."
            : fields.KeyLength != KeyUnwrap.KeyLengthOf(fields.WrapOid) ? "The length of the wrapping key is none of its algorithm."
            : null;
        return reason is null ? null : new CmsFault(CmsFaultKind.UnsupportedAlgorithm, reason);
    }

    private sealed record Fields(
        CertificateIdentifier Identifier,
        string KemOid,
        byte[] Ciphertext,
        string DerivationOid,
        int KeyLength,
        byte[]? UserKeyingMaterial,
        string WrapOid,
        ReadOnlyMemory<byte> Wrap,
        ReadOnlyMemory<byte> Encrypted);
}
