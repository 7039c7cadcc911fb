using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;

namespace SmimeGateway.Cms.Algorithms.Modern;

/// <summary>An ML-DSA key. The digest is always SHA-512, which all must know and which is strong enough for each (RFC 9882 section 3.3).</summary>
internal sealed class MlDsaSigningKey : SigningKey
{
    private readonly MLDsaPrivateKeyParameters _key;

    /// <summary>Takes the key that lies beside a certificate.</summary>
    /// <exception cref="CryptographicException">It is malformed.</exception>
    public MlDsaSigningKey(CmsIdentity identity)
    {
        var oid = identity.Certificate.GetKeyAlgorithm();
        _key = MlDsa.ReadPrivateKey(oid, identity.DetachedKey);
        MaxSignatureLength = MlDsa.SignatureLengthOf(oid);
        AlgorithmIdentifier = SignatureAlgorithm.EncodeBare(oid);
    }

    /// <inheritdoc/>
    public override DigestAlgorithm Digest => DigestAlgorithm.Sha512;

    /// <inheritdoc/>
    public override int MaxSignatureLength { get; }

    /// <inheritdoc/>
    public override byte[] AlgorithmIdentifier { get; }

    /// <inheritdoc/>
    public override int Sign(ReadOnlySpan<byte> message, Span<byte> destination)
    {
        var signature = MlDsa.Sign(_key, message.ToArray());
        signature.CopyTo(destination);
        return signature.Length;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}
