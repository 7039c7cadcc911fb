using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Encodings;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using BigInteger = Org.BouncyCastle.Math.BigInteger;

namespace SmimeGateway.Cms.Algorithms.Modern;

/// <summary>Forms of RSA that the framework does not offer: PSS with another salt or mask, OAEP with a label or another mask (RFC 8017).</summary>
internal static class RareRsa
{
    // What RFC 8017 section 9.1 ends each encoding with.
    private const byte Trailer = 0xBC;

    private const int MaxForeignBits = 4096;

    /// <summary>Whether the digest may be part of such a form: those that anybody makes them with.</summary>
    public static bool Knows(DigestAlgorithm? digest) => digest?.Oid is Oids.Sha1 or Oids.Sha256 or Oids.Sha384 or Oids.Sha512;

    /// <summary>A private key whose PKCS #8 names PSS or OAEP alone, which the framework does not read, though the key is an ordinary one.</summary>
    /// <exception cref="CryptographicException">It is malformed, or for another algorithm.</exception>
    public static RSA ReadPrivateKey(ReadOnlyMemory<byte> pkcs8, string oid)
    {
        var key = RSA.Create();
        try
        {
            key.ImportRSAPrivateKey(PrivateKeyFields.Read(pkcs8, oid).Span, out _);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>A public key of PSS or OAEP alone.</summary>
    /// <exception cref="CryptographicException">It is malformed.</exception>
    public static RSA ReadPublicKey(byte[] encoded)
    {
        var key = RSA.Create();
        try
        {
            key.ImportRSAPublicKey(encoded, out _);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Whether a PSS signature over a digest is the key's.</summary>
    /// <exception cref="CryptographicException">The key cannot be used.</exception>
    public static bool IsGoodPss(RSA key, DigestAlgorithm digestAlgorithm, PssParameters pss, byte[] digest, byte[] signature)
    {
        // Bouncy Castle looks whether a modulus is a prime, which takes seconds for the longest ones, and anybody may send them.
        if (key.KeySize > MaxForeignBits)
        {
            throw new CryptographicException("The key is too long for this form of PSS.");
        }

        // A salt that does not fit fails when the engine is made ready, and no signature has one.
        if (signature.Length != (key.KeySize + 7) / 8 || pss.SaltLength > (key.KeySize / 8) - digest.Length - 2)
        {
            return false;
        }

        var parameters = key.ExportParameters(includePrivateParameters: false);
        return BouncyCastle.Call(() =>
        {
            var verifier = PssSigner.CreateRawSigner(
                new RsaEngine(), DigestOf(digestAlgorithm), DigestOf(pss.MaskDigest!), pss.SaltLength, Trailer);
            verifier.Init(forSigning: false, PublicOf(parameters));
            verifier.BlockUpdate(digest, 0, digest.Length);
            return verifier.VerifySignature(signature);
        });
    }

    /// <summary>Encrypts by OAEP.</summary>
    /// <exception cref="CryptographicException">The key cannot be used.</exception>
    public static byte[] EncryptOaep(RSA key, OaepParameters oaep, byte[] plain)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return BouncyCastle.Call(() =>
        {
            var cipher = Oaep(oaep);
            cipher.Init(forEncryption: true, PublicOf(parameters));
            return cipher.ProcessBlock(plain, 0, plain.Length);
        });
    }

    /// <summary>Decrypts by OAEP.</summary>
    /// <exception cref="CryptographicException">The key does not leave its store, or the padding is wrong.</exception>
    public static byte[] DecryptOaep(RSA key, OaepParameters oaep, byte[] encrypted)
    {
        var parameters = key.ExportParameters(includePrivateParameters: true);
        return BouncyCastle.Call(() =>
        {
            var cipher = Oaep(oaep);
            cipher.Init(forEncryption: false, PrivateOf(parameters));
            return cipher.ProcessBlock(encrypted, 0, encrypted.Length);
        });
    }

    private static OaepEncoding Oaep(OaepParameters oaep) =>
        new(new RsaBlindedEngine(), DigestOf(oaep.Digest), DigestOf(oaep.MaskDigest), oaep.Label.ToArray());

    private static RsaKeyParameters PublicOf(RSAParameters key) => new(isPrivate: false, Integer(key.Modulus), Integer(key.Exponent));

    private static RsaPrivateCrtKeyParameters PrivateOf(RSAParameters key) => new(
        Integer(key.Modulus), Integer(key.Exponent), Integer(key.D), Integer(key.P), Integer(key.Q), Integer(key.DP), Integer(key.DQ), Integer(key.InverseQ));

    private static BigInteger Integer(byte[]? octets) => new(1, octets);

    private static IDigest DigestOf(DigestAlgorithm digest) => digest.Oid switch
    {
        Oids.Sha1 => new Sha1Digest(),
        Oids.Sha256 => new Sha256Digest(),
        Oids.Sha384 => new Sha384Digest(),
        Oids.Sha512 => new Sha512Digest(),
        _ => throw new CryptographicException($"{digest.Name} is no digest of RSA paddings."),
    };
}
