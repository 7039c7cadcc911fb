using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Finding.Formats;

/// <summary>
/// A private key that has been read, but not yet handed to the cryptographic library: OpenSSL checks the primes of an RSA key as it takes
/// it, which costs about ten signatures.
/// </summary>
/// <param name="Form">How it is written.</param>
/// <param name="Der">The key, not encrypted.</param>
/// <param name="PublicKey">Its public half, as certificates hold it.</param>
/// <param name="DetachedOid">The algorithm of a key that the framework cannot join to a certificate, so that it stays beside it; otherwise null.</param>
internal sealed record PrivateKey(PrivateKeyForm Form, ReadOnlyMemory<byte> Der, byte[] PublicKey, string? DetachedOid = null)
{
    /// <summary>Whether it stays beside its certificate.</summary>
    public bool IsDetached => DetachedOid is not null;

    /// <summary>Whether it is the key of a certificate: of its kind, with its public half.</summary>
    public bool IsOf(X509Certificate2 certificate) =>
        certificate.GetKeyAlgorithm() == DetachedOid && certificate.GetPublicKey().AsSpan().SequenceEqual(PublicKey);

    /// <summary>The certificate with this key.</summary>
    /// <exception cref="ArgumentException">The key belongs to another certificate.</exception>
    /// <exception cref="CryptographicException">The key is damaged.</exception>
    public X509Certificate2 JoinTo(X509Certificate2 certificate)
    {
        if (Form is PrivateKeyForm.RsaPkcs8 or PrivateKeyForm.RsaPkcs1)
        {
            using var rsa = RSA.Create();
            ImportInto(rsa);
            return certificate.CopyWithPrivateKey(rsa);
        }

        // The framework takes the key of a certificate that does not allow signatures only as one for key agreement.
        using var signingKey = certificate.GetECDsaPublicKey();
        if (signingKey is null)
        {
            using var agreement = ECDiffieHellman.Create();
            ImportInto(agreement);
            return certificate.CopyWithPrivateKey(agreement);
        }

        using var elliptic = ECDsa.Create();
        ImportInto(elliptic);
        return certificate.CopyWithPrivateKey(elliptic);
    }

    private void ImportInto(RSA rsa)
    {
        if (Form is PrivateKeyForm.RsaPkcs1)
        {
            rsa.ImportRSAPrivateKey(Der.Span, out _);
        }
        else
        {
            rsa.ImportPkcs8PrivateKey(Der.Span, out _);
        }
    }

    private void ImportInto(ECAlgorithm key)
    {
        if (Form is PrivateKeyForm.EllipticSec1)
        {
            key.ImportECPrivateKey(Der.Span, out _);
        }
        else
        {
            key.ImportPkcs8PrivateKey(Der.Span, out _);
        }
    }
}

/// <summary>The kind of a private key and the way it is written.</summary>
internal enum PrivateKeyForm
{
    /// <summary>RSA in PKCS #8 (RFC 5208).</summary>
    RsaPkcs8,

    /// <summary>RSA in PKCS #1 (RFC 8017).</summary>
    RsaPkcs1,

    /// <summary>Elliptic in PKCS #8.</summary>
    EllipticPkcs8,

    /// <summary>Elliptic in SEC 1 (RFC 5915).</summary>
    EllipticSec1,

    /// <summary>Of a kind that the framework does not know, in PKCS #8.</summary>
    ModernPkcs8,
}
