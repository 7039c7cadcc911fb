using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Cms.Reading.Keys;

/// <summary>The key of the content, encrypted to one recipient (RFC 5652 section 6.2).</summary>
internal abstract class EncryptedKey(CertificateIdentifier? identifier, string algorithmName, CmsFault? fault = null)
{
    /// <summary>The certificate meant; null for a key that was agreed upon otherwise, and for a password.</summary>
    public CertificateIdentifier? Identifier => identifier;

    /// <summary>How it is encrypted.</summary>
    public string AlgorithmName => algorithmName;

    /// <summary>Why it cannot be decrypted here, whoever has the key; null if it can.</summary>
    public CmsFault? Fault => fault;

    /// <summary>Whether it is encrypted by a cipher that is read only when that is asked for.</summary>
    public virtual bool IsWeak => false;

    /// <summary>Whether the certificate's key is of the kind that decrypts it.</summary>
    public abstract bool Fits(X509Certificate2 certificate);

    /// <summary>
    /// Decrypts it; where that fails, or gives a key of another length, the result is a decoy, so that nobody learns what an altered key
    /// would decrypt to: the content then fails as it does with a wrong key (RFC 3218 section 2.3.2).
    /// </summary>
    /// <param name="identity">A certificate with its private key.</param>
    /// <param name="key">The key of the content, as long as its cipher needs it.</param>
    public void Decrypt(CmsIdentity identity, Span<byte> key)
    {
        // The decoy is made in every case, so that making it takes no time of its own.
        DecoyKey.Make(Encrypted.Span, key);
        try
        {
            TryDecrypt(identity, key);
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
        {
            // The padding is wrong, the point is not on the curve, or the key cannot be used.
        }
    }

    /// <summary>The encrypted octets.</summary>
    protected abstract ReadOnlyMemory<byte> Encrypted { get; }

    /// <summary>Decrypts it; leaves the key as it is where that fails.</summary>
    /// <exception cref="CryptographicException">It cannot be decrypted with this key.</exception>
    protected abstract void TryDecrypt(CmsIdentity identity, Span<byte> key);
}
