using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Cms.Reading.Keys;

/// <summary>A key encrypted to something else than a certificate (RFC 5652 sections 6.2.3 to 6.2.5): it is listed, and never decrypted.</summary>
internal sealed class ForeignKey(string algorithmName) : EncryptedKey(null, algorithmName)
{
    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> Encrypted => default;

    /// <inheritdoc/>
    public override bool Fits(X509Certificate2 certificate) => false;

    /// <inheritdoc/>
    protected override void TryDecrypt(CmsIdentity identity, Span<byte> key)
    {
    }
}
