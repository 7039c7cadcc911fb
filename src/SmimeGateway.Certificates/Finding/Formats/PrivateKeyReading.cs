using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;

namespace SmimeGateway.Certificates.Finding.Formats;

/// <summary>What reading the bytes of a private key came to: the key, or the reason why not.</summary>
internal sealed record PrivateKeyReading(PrivateKey? Key, string? Fault)
{
    /// <summary>True when the key was read, and is of a kind that cannot be used here; false when another password or copy of it may do.</summary>
    public bool IsUnsupported { get; private init; }

    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string Elliptic = "1.2.840.10045.2.1";

    /// <summary>Reads a PKCS #8 key.</summary>
    public static PrivateKeyReading OfPkcs8(ReadOnlyMemory<byte> der) => Guard(() =>
    {
        if (ModernPrivateKey.Read(der) is { } modern)
        {
            return modern;
        }

        var info = Pkcs8PrivateKeyInfo.Decode(der, out _, skipCopy: true);
        return info.AlgorithmId.Value switch
        {
            Rsa => OfRsa(PrivateKeyForm.RsaPkcs8, der, info.PrivateKeyBytes),
            Elliptic => OfElliptic(PrivateKeyForm.EllipticPkcs8, der, info.PrivateKeyBytes),
            var other => new PrivateKeyReading(null, $"the private key is of a kind that is not supported: {CertificateKey.NameOf(other)}") { IsUnsupported = true },
        };
    });

    /// <summary>Reads an encrypted PKCS #8 key.</summary>
    public static PrivateKeyReading OfEncryptedPkcs8(ReadOnlyMemory<byte> der, string? password)
    {
        if (!PasswordDerivation.IsAffordable(der, out var reason))
        {
            return new PrivateKeyReading(null, reason);
        }

        try
        {
            var key = Pkcs8PrivateKeyInfo.DecryptAndDecode(password.AsSpan(), der, out _);
            return OfPkcs8(key.Encode());
        }
        catch (CryptographicException)
        {
            // The framework refuses also a key that has its public half beside it (RFC 5958 section 2).
            return ModernPrivateKey.FindDecrypted(der, password) is { } key
                ? OfPkcs8(key)
                : new PrivateKeyReading(null, "the private key cannot be opened with the given password, or its encryption is not supported");
        }
    }

    /// <summary>Reads an RSA key in the form of PKCS #1.</summary>
    public static PrivateKeyReading OfPkcs1(ReadOnlyMemory<byte> der) => Guard(() => OfRsa(PrivateKeyForm.RsaPkcs1, der, der));

    /// <summary>Reads an elliptic key in the form of SEC 1.</summary>
    public static PrivateKeyReading OfSec1(ReadOnlyMemory<byte> der) => Guard(() => OfElliptic(PrivateKeyForm.EllipticSec1, der, der));

    private static PrivateKeyReading Guard(Func<PrivateKeyReading> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException or PlatformNotSupportedException)
        {
            return new PrivateKeyReading(null, "the private key is damaged or of a kind that is not supported");
        }
    }

    // RSAPrivateKey (RFC 8017, appendix A.1.2) begins with its version, the modulus and the public exponent.
    private static PrivateKeyReading OfRsa(PrivateKeyForm form, ReadOnlyMemory<byte> der, ReadOnlyMemory<byte> rsaPrivateKey) =>
        new(new PrivateKey(form, der, RsaPublicKeyOf(rsaPrivateKey)), null);

    /// <summary>The public half of an RSAPrivateKey.</summary>
    /// <exception cref="AsnContentException">It is damaged.</exception>
    internal static byte[] RsaPublicKeyOf(ReadOnlyMemory<byte> rsaPrivateKey)
    {
        var key = new AsnReader(rsaPrivateKey, AsnEncodingRules.BER).ReadSequence();
        _ = key.ReadIntegerBytes();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(key.ReadIntegerBytes().Span);
            writer.WriteInteger(key.ReadIntegerBytes().Span);
        }

        return writer.Encode();
    }

    // ECPrivateKey (RFC 5915, section 3): the public point is optional there, and is computed where it is absent.
    private static PrivateKeyReading OfElliptic(PrivateKeyForm form, ReadOnlyMemory<byte> der, ReadOnlyMemory<byte> ellipticPrivateKey)
    {
        var publicPoint = new Asn1Tag(TagClass.ContextSpecific, 1, isConstructed: true);
        var key = new AsnReader(ellipticPrivateKey, AsnEncodingRules.BER).ReadSequence();
        while (key.HasData)
        {
            if (key.PeekTag() == publicPoint)
            {
                return new PrivateKeyReading(new PrivateKey(form, der, key.ReadSequence(publicPoint).ReadBitString(out _)), null);
            }

            _ = key.ReadEncodedValue();
        }

        using var computed = ECDsa.Create();
        if (form is PrivateKeyForm.EllipticSec1)
        {
            computed.ImportECPrivateKey(der.Span, out _);
        }
        else
        {
            computed.ImportPkcs8PrivateKey(der.Span, out _);
        }

        var point = computed.ExportParameters(includePrivateParameters: false).Q;
        return new PrivateKeyReading(new PrivateKey(form, der, [4, .. point.X!, .. point.Y!]), null);
    }
}
