using System.Formats.Asn1;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Kems;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using EncryptedInfo = Org.BouncyCastle.Asn1.Pkcs.EncryptedPrivateKeyInfo;

namespace SmimeGateway.Certificates.Finding.Formats;

/// <summary>
/// Reads private keys of kinds that the framework does not know, in PKCS #8 (RFC 5958): on Edwards and Montgomery curves (RFC 8410 section 7), of ML-DSA
/// and ML-KEM as seed, expanded and both (RFC 9881 and 9935, section 6), and RSA keys for PSS or OAEP alone (RFC 4055 section 1.2).
/// </summary>
internal static class ModernPrivateKey
{
    private const string PssAlone = "1.2.840.113549.1.1.10";
    private const string OaepAlone = "1.2.840.113549.1.1.7";

    private static readonly Asn1Tag AttributesTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag PublicKeyTag = new(TagClass.ContextSpecific, 1);

    /// <summary>Reads a key; null when it is of a kind that the framework knows, or that nobody here does.</summary>
    /// <exception cref="CryptographicException">It is damaged.</exception>
    /// <exception cref="AsnContentException">It is damaged.</exception>
    public static PrivateKeyReading? Read(ReadOnlyMemory<byte> der)
    {
        var fields = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
        fields.ReadIntegerBytes();
        var oid = fields.ReadSequence().ReadObjectIdentifier();
        var kind = ModernKey.Find(oid);
        if (kind is null && oid is not (PssAlone or OaepAlone))
        {
            return null;
        }

        var key = fields.ReadOctetString();
        var publicKey = kind is null ? PrivateKeyReading.RsaPublicKeyOf(key) : ComputePublicKey(kind, key, der.ToArray());
        CryptographicOperations.ZeroMemory(key);
        if (fields.HasData && fields.PeekTag().HasSameClassAndValue(AttributesTag))
        {
            fields.ReadEncodedValue();
        }

        var isContradicted = fields.HasData && fields.PeekTag().HasSameClassAndValue(PublicKeyTag)
            && !fields.ReadBitString(out _, PublicKeyTag).AsSpan().SequenceEqual(publicKey);
        return isContradicted
            ? new PrivateKeyReading(null, "the private key contradicts the public key that stands beside it")
            : new PrivateKeyReading(new PrivateKey(PrivateKeyForm.ModernPkcs8, der, publicKey, oid), null);
    }

    /// <summary>The key in an encrypted file that the framework cannot read; null when the password is wrong, or it is another thing.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static byte[]? FindDecrypted(ReadOnlyMemory<byte> encrypted, string? password) => Call(() =>
        PrivateKeyInfoFactory.CreatePrivateKeyInfo((password ?? string.Empty).ToCharArray(), EncryptedInfo.GetInstance(encrypted.ToArray())).GetDerEncoded());

    // Bouncy Castle is loaded with the first key that needs it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte[] ComputePublicKey(ModernKey kind, byte[] privateKey, byte[] pkcs8) =>
        Call(() => kind.Name switch
        {
            "X25519" => new X25519PrivateKeyParameters(ReadCurveKey(kind, privateKey)).GeneratePublicKey().GetEncoded(),
            "X448" => new X448PrivateKeyParameters(ReadCurveKey(kind, privateKey)).GeneratePublicKey().GetEncoded(),
            "Ed25519" => new Ed25519PrivateKeyParameters(ReadCurveKey(kind, privateKey)).GeneratePublicKey().GetEncoded(),
            "Ed448" => new Ed448PrivateKeyParameters(ReadCurveKey(kind, privateKey)).GeneratePublicKey().GetEncoded(),
            _ => PrivateKeyFactory.CreateKey(pkcs8) switch
            {
                MLDsaPrivateKeyParameters key when key.GetSeed() is not null || SignsItsOwn(key) => key.GetPublicKeyEncoded(),
                MLKemPrivateKeyParameters key when key.GetSeed() is not null || OpensItsOwn(key) => key.GetPublicKeyEncoded(),
                _ => null,
            },
        }) ?? throw new CryptographicException("The private key is malformed.");

    private static byte[] ReadCurveKey(ModernKey kind, byte[] privateKey)
    {
        var key = new AsnReader(privateKey, AsnEncodingRules.BER).ReadOctetString();
        return key.Length == kind.PublicLength ? key : throw new CryptographicException("The private key is of another length than its kind.");
    }

    // An expanded key without its seed holds its public half beside secrets that little ties to it: a damaged one shows when it is used.
    private static bool SignsItsOwn(MLDsaPrivateKeyParameters key)
    {
        var signer = new MLDsaSigner(key.Parameters, deterministic: true);
        signer.Init(forSigning: true, key);
        var signature = signer.GenerateSignature();
        signer.Init(forSigning: false, key.GetPublicKey());
        return signer.VerifySignature(signature);
    }

    private static bool OpensItsOwn(MLKemPrivateKeyParameters key)
    {
        var encapsulator = new MLKemEncapsulator(key.Parameters);
        encapsulator.Init(key.GetPublicKey());
        var ciphertext = new byte[encapsulator.EncapsulationLength];
        var (made, found) = (new byte[encapsulator.SecretLength], new byte[encapsulator.SecretLength]);
        encapsulator.Encapsulate(ciphertext, 0, ciphertext.Length, made, 0, made.Length);
        var decapsulator = new MLKemDecapsulator(key.Parameters);
        decapsulator.Init(key);
        decapsulator.Decapsulate(ciphertext, 0, ciphertext.Length, found, 0, found.Length);
        return CryptographicOperations.FixedTimeEquals(made, found);
    }

    // Bouncy Castle tells of bytes that it cannot use by exceptions of a dozen kinds.
    private static byte[]? Call(Func<byte[]?> call)
    {
        try
        {
            return call();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }
    }
}
