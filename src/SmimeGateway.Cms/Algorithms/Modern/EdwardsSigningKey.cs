using System.Security.Cryptography;

namespace SmimeGateway.Cms.Algorithms.Modern;

/// <summary>An Ed25519 or Ed448 key. Which digest goes with it is not to choose (RFC 8419 section 2.3).</summary>
internal sealed class EdwardsSigningKey : SigningKey
{
    private readonly EdwardsCurve _curve;
    private readonly byte[] _key;

    /// <summary>Takes the key that lies beside a certificate.</summary>
    /// <exception cref="CryptographicException">It is malformed.</exception>
    public EdwardsSigningKey(CmsIdentity identity)
    {
        _curve = EdwardsCurve.Get(identity.Certificate.PublicKey.Oid.Value);
        _key = PrivateKeyFields.ReadCurveKey(identity.DetachedKey, _curve.Oid, _curve.KeyLength);
        Digest = _curve.Oid == Oids.Ed25519 ? DigestAlgorithm.Sha512 : DigestAlgorithm.Shake256Len;
        AlgorithmIdentifier = SignatureAlgorithm.EncodeBare(_curve.Oid);
    }

    /// <inheritdoc/>
    public override DigestAlgorithm Digest { get; }

    /// <inheritdoc/>
    public override int MaxSignatureLength => _curve.SignatureLength;

    /// <inheritdoc/>
    public override byte[] AlgorithmIdentifier { get; }

    /// <inheritdoc/>
    public override int Sign(ReadOnlySpan<byte> message, Span<byte> destination)
    {
        var signed = message.ToArray();
        var signature = BouncyCastle.Call(() => _curve.Sign(_key, signed));
        signature.CopyTo(destination);
        return signature.Length;
    }

    /// <inheritdoc/>
    public override void Dispose() => CryptographicOperations.ZeroMemory(_key);
}
