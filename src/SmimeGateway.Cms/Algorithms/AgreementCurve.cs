using System.Security.Cryptography;

namespace SmimeGateway.Cms.Algorithms;

/// <summary>A curve that keys are agreed upon on, with the KDF that is as strong as it (RFC 5753 section 8).</summary>
/// <param name="Curve">The curve.</param>
/// <param name="Digest">The digest of the KDF.</param>
/// <param name="Scheme">The object identifier of the key agreement with that KDF.</param>
internal sealed record AgreementCurve(ECCurve Curve, HashAlgorithmName Digest, string Scheme)
{
    private static readonly AgreementCurve P256 = new(ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256, Oids.StdDhSha256Kdf);
    private static readonly AgreementCurve P384 = new(ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384, Oids.StdDhSha384Kdf);
    private static readonly AgreementCurve P521 = new(ECCurve.NamedCurves.nistP521, HashAlgorithmName.SHA512, Oids.StdDhSha512Kdf);

    // German authorities and hospitals use these (BSI TR-02102-1, RFC 5639).
    private static readonly AgreementCurve BrainpoolP256R1 =
        new(ECCurve.NamedCurves.brainpoolP256r1, HashAlgorithmName.SHA256, Oids.StdDhSha256Kdf);

    private static readonly AgreementCurve BrainpoolP384R1 =
        new(ECCurve.NamedCurves.brainpoolP384r1, HashAlgorithmName.SHA384, Oids.StdDhSha384Kdf);

    private static readonly AgreementCurve BrainpoolP512R1 =
        new(ECCurve.NamedCurves.brainpoolP512r1, HashAlgorithmName.SHA512, Oids.StdDhSha512Kdf);

    /// <summary>The curve of a key, or null if it is another.</summary>
    public static AgreementCurve? Find(ECDiffieHellman key)
    {
        var curve = key.ExportParameters(includePrivateParameters: false).Curve;
        return !curve.IsNamed ? null : curve.Oid.Value switch
        {
            Oids.P256 => P256,
            Oids.P384 => P384,
            Oids.P521 => P521,
            Oids.BrainpoolP256R1 => BrainpoolP256R1,
            Oids.BrainpoolP384R1 => BrainpoolP384R1,
            Oids.BrainpoolP512R1 => BrainpoolP512R1,
            _ => null,
        };
    }
}
