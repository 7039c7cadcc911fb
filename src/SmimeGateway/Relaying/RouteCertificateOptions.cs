using SmimeGateway.Locating;
using SmimeGateway.Settings;

namespace SmimeGateway.Relaying;

/// <summary>The certificate with which the gateway shows a next hop who it is: exactly one of pkcs12 and pem. Changed files are noticed.</summary>
/// <example>
/// <code>
/// { "pkcs12": "tls/client.pfx", "password": { "file": "tls/client.password" } }
/// { "pem": { "certificate": "tls/client.crt", "key": "tls/client.key" } }
/// </code>
/// </example>
public sealed record RouteCertificateOptions
{
    /// <summary>A PKCS #12 file (.pfx, .p12) with the certificate, its key, and the certificates above it.</summary>
    [Notation(Notation.ReadPath)]
    public string? Pkcs12 { get; init; }

    /// <summary>The certificate and its key in PEM.</summary>
    public PemOptions? Pem { get; init; }

    /// <summary>The password of the PKCS #12 file.</summary>
    public SecretOptions? Password { get; init; }
}
