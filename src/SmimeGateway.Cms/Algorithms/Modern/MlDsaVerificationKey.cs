using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Crypto.Parameters;

namespace SmimeGateway.Cms.Algorithms.Modern;

/// <summary>An ML-DSA key of a certificate (RFC 9881).</summary>
internal sealed class MlDsaVerificationKey : VerificationKey
{
    private readonly string _oid;
    private readonly MLDsaPublicKeyParameters _key;

    private MlDsaVerificationKey(string oid, MLDsaPublicKeyParameters key)
    {
        _oid = oid;
        _key = key;
    }

    /// <summary>Takes the key out of the certificate.</summary>
    /// <exception cref="CryptographicException">It is malformed.</exception>
    public static VerificationKey Of(X509Certificate2 certificate)
    {
        var oid = certificate.GetKeyAlgorithm();
        return new MlDsaVerificationKey(oid, MlDsa.ReadPublicKey(oid, certificate.GetPublicKey()));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    /// <inheritdoc/>
    protected override bool? IsGood(
        SignatureAlgorithm algorithm, DigestAlgorithm digest, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        algorithm.Oid != _oid ? null
            : signature.Length == MlDsa.SignatureLengthOf(_oid) && MlDsa.Verify(_key, message.ToArray(), signature.ToArray());
}
