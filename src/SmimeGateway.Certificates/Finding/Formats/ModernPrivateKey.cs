using System.Formats.Asn1;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using BouncyParameters = Org.BouncyCastle.Crypto.Parameters;
using BouncyPkcs = Org.BouncyCastle.Pkcs;

namespace SmimeGateway.Certificates.Finding.Formats;

/// <summary>Reads private keys of kinds that the framework does not know, in PKCS #8 (RFC 5958, RFC 8410 section 7).</summary>
internal static class ModernPrivateKey
{
    private static readonly Asn1Tag AttributesTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag PublicKeyTag = new(TagClass.ContextSpecific, 1);

    /// <summary>Reads a key; null when it is of a kind that the framework knows, or that nobody here does.</summary>
    /// <exception cref="CryptographicException">It is damaged.</exception>
    /// <exception cref="AsnContentException">It is damaged.</exception>
    public static PrivateKeyReading? Read(ReadOnlyMemory<byte> der)
    {
        var fields = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
        fields.ReadIntegerBytes();
        if (ModernKey.Find(fields.ReadSequence().ReadObjectIdentifier()) is not { } kind)
        {
            return null;
        }

        var publicKey = ComputePublicKey(kind, fields.ReadOctetString());
        if (fields.HasData && fields.PeekTag().HasSameClassAndValue(AttributesTag))
        {
            fields.ReadEncodedValue();
        }

        var isContradicted = fields.HasData && fields.PeekTag().HasSameClassAndValue(PublicKeyTag)
            && !fields.ReadBitString(out _, PublicKeyTag).AsSpan().SequenceEqual(publicKey);
        return isContradicted
            ? new PrivateKeyReading(null, "the private key contradicts the public key that stands beside it")
            : new PrivateKeyReading(new PrivateKey(PrivateKeyForm.ModernPkcs8, der, publicKey, kind.Oid), null);
    }

    /// <summary>The key in an encrypted file that the framework cannot read; null when the password is wrong, or it is another thing.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static byte[]? FindDecrypted(ReadOnlyMemory<byte> encrypted, string? password) => Call(() =>
    {
        var info = Org.BouncyCastle.Asn1.Pkcs.EncryptedPrivateKeyInfo.GetInstance(encrypted.ToArray());
        return BouncyPkcs.PrivateKeyInfoFactory.CreatePrivateKeyInfo((password ?? string.Empty).ToCharArray(), info).GetDerEncoded();
    });

    // Bouncy Castle is loaded with the first key that needs it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte[] ComputePublicKey(ModernKey kind, byte[] privateKey)
    {
        var key = new AsnReader(privateKey, AsnEncodingRules.BER).ReadOctetString();
        var computed = key.Length != kind.PublicLength ? null : Call(() => kind.Name switch
        {
            "X25519" => new BouncyParameters.X25519PrivateKeyParameters(key).GeneratePublicKey().GetEncoded(),
            "X448" => new BouncyParameters.X448PrivateKeyParameters(key).GeneratePublicKey().GetEncoded(),
            "Ed25519" => new BouncyParameters.Ed25519PrivateKeyParameters(key).GeneratePublicKey().GetEncoded(),
            "Ed448" => new BouncyParameters.Ed448PrivateKeyParameters(key).GeneratePublicKey().GetEncoded(),
            _ => null,
        });
        CryptographicOperations.ZeroMemory(key);
        return computed ?? throw new CryptographicException("The private key is malformed.");
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
