using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Cms.Reading.Keys;

/// <summary>A key wrapped by a key that the sender agreed upon with the recipient's key on a curve (RFC 5652 section 6.2.2, RFC 5753, RFC 8418).</summary>
internal sealed class AgreedKey(CertificateIdentifier identifier, KeyAgreement agreement, ReadOnlyMemory<byte> encrypted)
    : EncryptedKey(identifier, agreement.Name, agreement.Fault)
{
    /// <inheritdoc/>
    public override bool IsWeak => agreement.IsWeak;

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> Encrypted => encrypted;

    /// <inheritdoc/>
    public override bool Fits(X509Certificate2 certificate) => certificate.PublicKey.Oid.Value == agreement.KeyOid;

    /// <inheritdoc/>
    protected override void TryDecrypt(CmsIdentity identity, Span<byte> key)
    {
        if (agreement.FindWrappingKey(identity) is not { } wrappingKey)
        {
            return;
        }

        if (KeyUnwrap.TryUnwrap(agreement.WrapOid, wrappingKey, encrypted.Span) is { } unwrapped && unwrapped.Length == key.Length)
        {
            unwrapped.CopyTo(key);
            CryptographicOperations.ZeroMemory(unwrapped);
        }

        CryptographicOperations.ZeroMemory(wrappingKey);
    }
}
