using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;

namespace SmimeGateway.Cms.Writing;

/// <summary>Ephemeral-static ECDH on a curve of NIST or Brainpool (RFC 5753 section 3.1).</summary>
internal sealed class EllipticAgreementEncryption : KeyAgreementEncryption
{
    private const byte UncompressedPoint = 0x04;

    private readonly ECDiffieHellman _key;
    private readonly ECDiffieHellmanPublicKey _publicKey;
    private readonly AgreementCurve _curve;

    private EllipticAgreementEncryption(ECDiffieHellman key, AgreementCurve curve, RecipientIdentifier identifier)
        : base(Oids.EcPublicKey, curve.Scheme, identifier)
    {
        _key = key;
        _publicKey = key.PublicKey;
        _curve = curve;
    }

    /// <summary>Prepares the elliptic-curve key of a certificate; null with a fault if nothing can be encrypted to it.</summary>
    public static RecipientEncryption? Find(X509Certificate2 certificate, RecipientNaming naming, out CmsFault? fault)
    {
        fault = null;
        if (certificate.GetECDiffieHellmanPublicKey() is not { } key)
        {
            return Refuse("its key usage does not allow key agreement", out fault);
        }

        if (AgreementCurve.Find(key) is { } curve)
        {
            return new EllipticAgreementEncryption(key, curve, RecipientIdentifier.ForAgreement(certificate, naming));
        }

        key.Dispose();
        return Refuse("its key is on a curve that is not supported", out fault);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _publicKey.Dispose();
        _key.Dispose();
    }

    /// <inheritdoc/>
    protected override byte[] Agree(KeyAgreementAlgorithm algorithm, byte[] userKeyingMaterial, out byte[] ephemeral)
    {
        using var key = ECDiffieHellman.Create(_curve.Curve);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        ephemeral = [UncompressedPoint, .. point.X!, .. point.Y!];
        return key.DeriveKeyFromHash(_publicKey, _curve.Digest, null, algorithm.EncodeAfterSecret(userKeyingMaterial));
    }
}
