namespace SmimeGateway.Certificates.Finding;

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
}
