using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Kems;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;

namespace SmimeGateway.Cms.Algorithms.Modern;

/// <summary>ML-KEM (FIPS 203): a secret is made together with its ciphertext, which only the recipient's key turns back into it.</summary>
internal static class MlKem
{
    private const int SeedLength = 32;

    /// <summary>Whether keys with this object identifier are of ML-KEM.</summary>
    public static bool IsKnown(string? oid) => oid is Oids.MlKem512 or Oids.MlKem768 or Oids.MlKem1024;

    /// <summary>The name of a parameter set.</summary>
    public static string NameOf(string oid) => oid switch
    {
        Oids.MlKem512 => "ML-KEM-512",
        Oids.MlKem768 => "ML-KEM-768",
        Oids.MlKem1024 => "ML-KEM-1024",
        _ => oid,
    };

    /// <summary>A secret for the owner of the public key, and what carries it.</summary>
    /// <exception cref="CryptographicException">The key is malformed.</exception>
    public static (byte[] Secret, byte[] Ciphertext) Encapsulate(string oid, byte[] publicKey) => BouncyCastle.Call(() =>
    {
        // FIPS 203 algorithm 13: what stands before the seed of the matrix depends on the secret.
        if (publicKey.Length <= SeedLength || !publicKey.AsSpan(..^SeedLength).ContainsAnyExcept((byte)0))
        {
            throw new CryptographicException("The key has no secret.");
        }

        var encapsulator = new MLKemEncapsulator(ParametersOf(oid));
        encapsulator.Init(MLKemPublicKeyParameters.FromEncoding(ParametersOf(oid), publicKey));
        var secret = new byte[encapsulator.SecretLength];
        var ciphertext = new byte[encapsulator.EncapsulationLength];
        encapsulator.Encapsulate(ciphertext, 0, ciphertext.Length, secret, 0, secret.Length);
        return (secret, ciphertext);
    });

    /// <summary>
    /// The secret that a ciphertext carries; for one that was not made for the key, one that nobody knows (FIPS 203 section 6.3).
    /// </summary>
    /// <exception cref="CryptographicException">The key is malformed or of another kind, or the ciphertext is of another length.</exception>
    public static byte[] Decapsulate(string oid, ReadOnlyMemory<byte> pkcs8, byte[] ciphertext) => BouncyCastle.Call(() =>
    {
        var parameters = ParametersOf(oid);
        if (PrivateKeyFactory.CreateKey(pkcs8.ToArray()) is not MLKemPrivateKeyParameters key || key.Parameters != parameters)
        {
            throw new CryptographicException("The private key is of another kind than its certificate's.");
        }

        var decapsulator = new MLKemDecapsulator(parameters);
        decapsulator.Init(key);
        if (ciphertext.Length != decapsulator.EncapsulationLength)
        {
            throw new CryptographicException("The ciphertext is of another length than its kind.");
        }

        var secret = new byte[decapsulator.SecretLength];
        decapsulator.Decapsulate(ciphertext, 0, ciphertext.Length, secret, 0, secret.Length);
        return secret;
    });

    private static MLKemParameters ParametersOf(string oid) => oid switch
    {
        Oids.MlKem512 => MLKemParameters.ml_kem_512,
        Oids.MlKem768 => MLKemParameters.ml_kem_768,
        Oids.MlKem1024 => MLKemParameters.ml_kem_1024,
        _ => throw new CryptographicException("The key is none of ML-KEM."),
    };
}
