using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Ed25519 = Org.BouncyCastle.Math.EC.Rfc8032.Ed25519;
using Ed448 = Org.BouncyCastle.Math.EC.Rfc8032.Ed448;

namespace SmimeGateway.Cms.Algorithms.Modern;

/// <summary>PureEdDSA without a context (RFC 8032), as CMS uses it (RFC 8419): the message is signed, and no digest of it.</summary>
internal abstract class EdwardsCurve
{
    private static readonly EdwardsCurve Curve25519 = new Of25519();
    private static readonly EdwardsCurve Curve448 = new Of448();

    /// <summary>The object identifier of keys and signatures.</summary>
    public abstract string Oid { get; }

    /// <summary>The length of keys, private and public, in octets.</summary>
    public abstract int KeyLength { get; }

    /// <summary>The length of signatures in octets.</summary>
    public int SignatureLength => 2 * KeyLength;

    /// <summary>The curve of keys with this object identifier.</summary>
    public static EdwardsCurve Get(string? oid) => oid switch
    {
        Oids.Ed25519 => Curve25519,
        Oids.Ed448 => Curve448,
        _ => throw new CryptographicException("The key is on no Edwards curve."),
    };

    /// <summary>Whether the octets are a point of the large subgroup: a key elsewhere would verify signatures that anybody makes.</summary>
    public abstract bool IsPublicKey(byte[] key);

    /// <summary>Signs with a private key of the right length.</summary>
    public abstract byte[] Sign(byte[] privateKey, byte[] message);

    /// <summary>Whether the public key made the signature, both of the right length.</summary>
    public abstract bool Verify(byte[] publicKey, byte[] message, byte[] signature);

    private sealed class Of25519 : EdwardsCurve
    {
        public override string Oid => Oids.Ed25519;

        public override int KeyLength => Ed25519.PublicKeySize;

        public override bool IsPublicKey(byte[] key) => Ed25519.ValidatePublicKeyFull(key, 0);

        public override byte[] Sign(byte[] privateKey, byte[] message)
        {
            var signature = new byte[Ed25519.SignatureSize];
            new Ed25519PrivateKeyParameters(privateKey, 0).Sign(Ed25519.Algorithm.Ed25519, null, message, 0, message.Length, signature, 0);
            return signature;
        }

        public override bool Verify(byte[] publicKey, byte[] message, byte[] signature) =>
            Ed25519.Verify(signature, 0, publicKey, 0, message, 0, message.Length);
    }

    private sealed class Of448 : EdwardsCurve
    {
        // No context is the empty one (RFC 8032 section 5.2).
        private static readonly byte[] NoContext = [];

        public override string Oid => Oids.Ed448;

        public override int KeyLength => Ed448.PublicKeySize;

        public override bool IsPublicKey(byte[] key) => Ed448.ValidatePublicKeyFull(key, 0);

        public override byte[] Sign(byte[] privateKey, byte[] message)
        {
            var signature = new byte[Ed448.SignatureSize];
            new Ed448PrivateKeyParameters(privateKey, 0).Sign(Ed448.Algorithm.Ed448, NoContext, message, 0, message.Length, signature, 0);
            return signature;
        }

        public override bool Verify(byte[] publicKey, byte[] message, byte[] signature) =>
            Ed448.Verify(signature, 0, publicKey, 0, NoContext, message, 0, message.Length);
    }
}
