using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Cms.Algorithms.Modern;

/// <summary>An Ed25519 or Ed448 key of a certificate (RFC 8410).</summary>
internal sealed class EdwardsVerificationKey : VerificationKey
{
    private readonly EdwardsCurve _curve;
    private readonly byte[] _key;

    private EdwardsVerificationKey(EdwardsCurve curve, byte[] key)
    {
        _curve = curve;
        _key = key;
    }

    /// <summary>Takes the key out of the certificate.</summary>
    /// <exception cref="CryptographicException">It is malformed.</exception>
    public static EdwardsVerificationKey Of(X509Certificate2 certificate)
    {
        var curve = EdwardsCurve.Get(certificate.PublicKey.Oid.Value);
        var key = certificate.GetPublicKey();
        return key.Length == curve.KeyLength && BouncyCastle.Call(() => curve.IsPublicKey(key))
            ? new EdwardsVerificationKey(curve, key)
            : throw new CryptographicException("The key is no point of its curve.");
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    /// <inheritdoc/>
    protected override bool? IsGood(
        SignatureAlgorithm algorithm, DigestAlgorithm digest, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (algorithm.Oid != _curve.Oid)
        {
            return null;
        }

        var (signed, claimed) = (message.ToArray(), signature.ToArray());
        return claimed.Length == _curve.SignatureLength && BouncyCastle.Call(() => _curve.Verify(_key, signed, claimed));
    }
}
