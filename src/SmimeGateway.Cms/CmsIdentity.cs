using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Cms;

/// <summary>
/// A certificate with its private key: joined to it where the framework has keys of the kind, otherwise beside it in PKCS #8.
/// </summary>
/// <param name="certificate">The certificate, which stays the caller's.</param>
/// <param name="detachedKey">The private key in PKCS #8, not encrypted; empty where the certificate has it.</param>
public sealed class CmsIdentity(X509Certificate2 certificate, ReadOnlyMemory<byte> detachedKey = default)
{
    /// <summary>The certificate.</summary>
    public X509Certificate2 Certificate => certificate;

    /// <summary>Whether there is a private key at all.</summary>
    public bool HasPrivateKey => IsDetached || certificate.HasPrivateKey;

    /// <summary>Whether the private key lies beside the certificate.</summary>
    internal bool IsDetached => !detachedKey.IsEmpty;

    /// <summary>The private key beside the certificate.</summary>
    internal ReadOnlyMemory<byte> DetachedKey => detachedKey;
}
