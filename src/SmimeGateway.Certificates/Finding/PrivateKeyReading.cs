using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;

namespace SmimeGateway.Certificates.Finding;

/// <summary>What reading the bytes of a private key came to: the key, or the reason why not.</summary>
internal sealed record PrivateKeyReading(PrivateKey? Key, string? Fault)
{
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string Elliptic = "1.2.840.10045.2.1";

    /// <summary>Reads a PKCS #8 key (RFC 5208).</summary>
    public static PrivateKeyReading OfPkcs8(ReadOnlyMemory<byte> der) => Guard(() =>
    {
        var algorithm = Pkcs8PrivateKeyInfo.Decode(der, out _, skipCopy: true).AlgorithmId.Value;
        return algorithm switch
        {
            Rsa => OfRsa(rsa => rsa.ImportPkcs8PrivateKey(der.Span, out _)),
            Elliptic => OfElliptic(key => key.ImportPkcs8PrivateKey(der.Span, out _)),
            _ => new PrivateKeyReading(null, $"the private key is of a kind that is not supported: {CertificateKey.NameOf(algorithm)}"),
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
            return new PrivateKeyReading(null, "the private key cannot be opened with the given password, or its encryption is not supported");
        }
    }

    /// <summary>Reads an RSA key in the form of PKCS #1 (RFC 8017).</summary>
    public static PrivateKeyReading OfPkcs1(ReadOnlyMemory<byte> der) => Guard(() => OfRsa(rsa => rsa.ImportRSAPrivateKey(der.Span, out _)));

    /// <summary>Reads an elliptic key in the form of SEC 1 (RFC 5915).</summary>
    public static PrivateKeyReading OfSec1(ReadOnlyMemory<byte> der) => Guard(() => OfElliptic(key => key.ImportECPrivateKey(der.Span, out _)));

    private static PrivateKeyReading Guard(Func<PrivateKeyReading> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is CryptographicException or PlatformNotSupportedException)
        {
            return new PrivateKeyReading(null, "the private key is damaged or of a kind that is not supported");
        }
    }

    private static PrivateKeyReading OfRsa(Action<RSA> import)
    {
        using var rsa = RSA.Create();
        import(rsa);
        return new PrivateKeyReading(PrivateKey.Of(rsa), null);
    }

    private static PrivateKeyReading OfElliptic(Action<ECDsa> import)
    {
        using var key = ECDsa.Create();
        import(key);
        return new PrivateKeyReading(PrivateKey.Of(key), null);
    }
}
