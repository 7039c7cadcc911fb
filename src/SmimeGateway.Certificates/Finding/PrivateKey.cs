using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Finding;

/// <summary>A private key that has been opened, RSA or ECDSA.</summary>
/// <param name="Pkcs8">The key in PKCS #8, not encrypted.</param>
/// <param name="IsRsa">True for RSA.</param>
/// <param name="PublicKey">Its public half, as certificates hold it.</param>
internal sealed record PrivateKey(ReadOnlyMemory<byte> Pkcs8, bool IsRsa, byte[] PublicKey)
{
    /// <summary>An RSA key.</summary>
    public static PrivateKey Of(RSA rsa) => new(rsa.ExportPkcs8PrivateKey(), true, rsa.ExportRSAPublicKey());

    /// <summary>An elliptic key; its public half is the uncompressed point of SEC 1, section 2.3.3.</summary>
    public static PrivateKey Of(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new PrivateKey(key.ExportPkcs8PrivateKey(), false, [4, .. point.X!, .. point.Y!]);
    }

    /// <summary>True when the certificate holds the public half of this key.</summary>
    public bool Fits(X509Certificate2 certificate) => certificate.GetPublicKey().AsSpan().SequenceEqual(PublicKey);

    /// <summary>The certificate with this key.</summary>
    /// <exception cref="ArgumentException">The key belongs to another certificate.</exception>
    public X509Certificate2 JoinTo(X509Certificate2 certificate)
    {
        if (IsRsa)
        {
            using var rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(Pkcs8.Span, out _);
            return certificate.CopyWithPrivateKey(rsa);
        }

        using var elliptic = ECDsa.Create();
        elliptic.ImportPkcs8PrivateKey(Pkcs8.Span, out _);
        return certificate.CopyWithPrivateKey(elliptic);
    }
}
