using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;

namespace SmimeGateway.Cms.Algorithms.Modern;

/// <summary>ML-DSA (FIPS 204), pure and with an empty context, as CMS uses it (RFC 9882).</summary>
internal static class MlDsa
{
    // FIPS 204 algorithm 22: what follows the seed of the matrix depends on the secret.
    private const int SeedLength = 32;

    /// <summary>Whether keys and signatures with this object identifier are of ML-DSA.</summary>
    public static bool IsKnown(string? oid) => oid is Oids.MlDsa44 or Oids.MlDsa65 or Oids.MlDsa87;

    /// <summary>The name of a parameter set.</summary>
    public static string NameOf(string oid) => oid switch
    {
        Oids.MlDsa44 => "ML-DSA-44",
        Oids.MlDsa65 => "ML-DSA-65",
        _ => "ML-DSA-87",
    };

    /// <summary>The length of signatures in octets (FIPS 204 table 2).</summary>
    public static int SignatureLengthOf(string oid) => oid switch
    {
        Oids.MlDsa44 => 2420,
        Oids.MlDsa65 => 3309,
        _ => 4627,
    };

    /// <summary>How long a digest in signed attributes is at least: twice the strength against collisions (RFC 9882 section 3.3).</summary>
    public static int MinDigestLengthOf(string oid) => oid switch
    {
        Oids.MlDsa44 => 32,
        Oids.MlDsa65 => 48,
        _ => 64,
    };

    /// <summary>Reads a public key.</summary>
    /// <exception cref="CryptographicException">It is malformed, or one for which everybody can sign.</exception>
    public static MLDsaPublicKeyParameters ReadPublicKey(string oid, byte[] key) =>
        BouncyCastle.Call(() => MLDsaPublicKeyParameters.FromEncoding(ParametersOf(oid), key)) is var read && key.AsSpan(SeedLength).ContainsAnyExcept((byte)0)
            ? read
            : throw new CryptographicException("The key has no secret.");

    /// <summary>Reads a private key: the seed, the expanded key, or both, which must be of each other (RFC 9881 section 6).</summary>
    /// <exception cref="CryptographicException">It is malformed, or of another kind.</exception>
    public static MLDsaPrivateKeyParameters ReadPrivateKey(string oid, ReadOnlyMemory<byte> pkcs8) => BouncyCastle.Call(() =>
        PrivateKeyFactory.CreateKey(pkcs8.ToArray()) is MLDsaPrivateKeyParameters key && key.Parameters == ParametersOf(oid)
            ? key
            : throw new CryptographicException("The private key is of another kind than its certificate's."));

    /// <summary>Whether the signature is of the key. A length that is none is not looked at.</summary>
    public static bool Verify(MLDsaPublicKeyParameters key, byte[] message, byte[] signature) => BouncyCastle.Call(() =>
    {
        var verifier = new MLDsaSigner(key.Parameters, deterministic: false);
        verifier.Init(forSigning: false, key);
        verifier.BlockUpdate(message, 0, message.Length);
        return verifier.VerifySignature(signature);
    });

    /// <summary>Signs, hedged by fresh random octets, as FIPS 204 section 3.4 recommends.</summary>
    public static byte[] Sign(MLDsaPrivateKeyParameters key, byte[] message) => BouncyCastle.Call(() =>
    {
        var signer = new MLDsaSigner(key.Parameters, deterministic: false);
        signer.Init(forSigning: true, key);
        signer.BlockUpdate(message, 0, message.Length);
        return signer.GenerateSignature();
    });

    private static MLDsaParameters ParametersOf(string oid) => oid switch
    {
        Oids.MlDsa44 => MLDsaParameters.ml_dsa_44,
        Oids.MlDsa65 => MLDsaParameters.ml_dsa_65,
        Oids.MlDsa87 => MLDsaParameters.ml_dsa_87,
        _ => throw new CryptographicException("The key is none of ML-DSA."),
    };
}
