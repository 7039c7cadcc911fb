using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Cms.Algorithms;
using SmimeGateway.Cms.Algorithms.Modern;

namespace SmimeGateway.Cms.Writing;

/// <summary>Ephemeral-static X25519 and X448 with the HKDF that is as strong as the curve (RFC 8418).</summary>
internal sealed class MontgomeryAgreementEncryption : KeyAgreementEncryption
{
    private readonly MontgomeryCurve _curve;
    private readonly byte[] _key;

    private MontgomeryAgreementEncryption(MontgomeryCurve curve, byte[] key, RecipientIdentifier identifier)
        : base(curve.Oid, SchemeOf(curve), identifier)
    {
        _curve = curve;
        _key = key;
    }

    /// <summary>Prepares the key of a certificate. Whether it is one, is seen when it is first agreed with.</summary>
    public static MontgomeryAgreementEncryption Of(X509Certificate2 certificate, RecipientNaming naming) =>
        new(MontgomeryCurve.Get(certificate.PublicKey.Oid.Value), certificate.GetPublicKey(), RecipientIdentifier.ForAgreement(certificate, naming));

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    /// <inheritdoc/>
    protected override byte[] Agree(KeyAgreementAlgorithm algorithm, byte[] userKeyingMaterial, out byte[] ephemeral)
    {
        // Any octets are a private key (RFC 7748 section 5).
        var key = RandomNumberGenerator.GetBytes(_curve.KeyLength);
        ephemeral = _curve.GetPublicKey(key);
        var secret = _curve.Agree(key, _key);
        var wrappingKey = HKDF.DeriveKey(
            DigestOf(_curve), secret, algorithm.KeyLength, userKeyingMaterial, algorithm.EncodeSharedInformation(userKeyingMaterial));
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(secret);
        return wrappingKey;
    }

    private static string SchemeOf(MontgomeryCurve curve) => curve.Oid == Oids.X25519 ? Oids.StdDhHkdfSha256 : Oids.StdDhHkdfSha512;

    private static HashAlgorithmName DigestOf(MontgomeryCurve curve) =>
        curve.Oid == Oids.X25519 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA512;
}
