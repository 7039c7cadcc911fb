using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Agreement;
using Org.BouncyCastle.Crypto.Parameters;

namespace SmimeGateway.Cms.Algorithms.Modern;

/// <summary>X25519 and X448 (RFC 7748).</summary>
internal abstract class MontgomeryCurve
{
    private static readonly MontgomeryCurve Curve25519 = new Of25519();
    private static readonly MontgomeryCurve Curve448 = new Of448();

    /// <summary>The object identifier of keys.</summary>
    public abstract string Oid { get; }

    /// <summary>The length of keys, private and public, and of secrets in octets.</summary>
    public abstract int KeyLength { get; }

    /// <summary>The curve of keys with this object identifier.</summary>
    public static MontgomeryCurve Get(string? oid) => oid switch
    {
        Oids.X25519 => Curve25519,
        Oids.X448 => Curve448,
        _ => throw new CryptographicException("The key is on no Montgomery curve."),
    };

    /// <summary>The public key of a private one.</summary>
    public abstract byte[] GetPublicKey(byte[] privateKey);

    /// <summary>What the owner of the private key and that of the public key both know.</summary>
    /// <exception cref="CryptographicException">
    /// A key is of another length, or the secret would be one that everybody knows (RFC 8418 section 2).
    /// </exception>
    public byte[] Agree(byte[] privateKey, byte[] publicKey)
    {
        if (privateKey.Length != KeyLength || publicKey.Length != KeyLength)
        {
            throw new CryptographicException("A key is of another length than its curve's.");
        }

        return BouncyCastle.Call(() =>
        {
            var secret = new byte[KeyLength];
            Agree(privateKey, publicKey, secret);
            return secret;
        });
    }

    /// <summary>Computes the secret; throws if it is zero.</summary>
    protected abstract void Agree(byte[] privateKey, byte[] publicKey, byte[] secret);

    private static void Agree(IRawAgreement agreement, ICipherParameters privateKey, ICipherParameters publicKey, byte[] secret)
    {
        agreement.Init(privateKey);
        agreement.CalculateAgreement(publicKey, secret, 0);
    }

    private sealed class Of25519 : MontgomeryCurve
    {
        public override string Oid => Oids.X25519;

        public override int KeyLength => X25519PublicKeyParameters.KeySize;

        public override byte[] GetPublicKey(byte[] privateKey) => new X25519PrivateKeyParameters(privateKey).GeneratePublicKey().GetEncoded();

        protected override void Agree(byte[] privateKey, byte[] publicKey, byte[] secret) =>
            Agree(new X25519Agreement(), new X25519PrivateKeyParameters(privateKey), new X25519PublicKeyParameters(publicKey), secret);
    }

    private sealed class Of448 : MontgomeryCurve
    {
        public override string Oid => Oids.X448;

        public override int KeyLength => X448PublicKeyParameters.KeySize;

        public override byte[] GetPublicKey(byte[] privateKey) => new X448PrivateKeyParameters(privateKey).GeneratePublicKey().GetEncoded();

        protected override void Agree(byte[] privateKey, byte[] publicKey, byte[] secret) =>
            Agree(new X448Agreement(), new X448PrivateKeyParameters(privateKey), new X448PublicKeyParameters(publicKey), secret);
    }
}
