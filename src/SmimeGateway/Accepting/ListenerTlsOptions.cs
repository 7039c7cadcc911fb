using SmimeGateway.Settings;

namespace SmimeGateway.Accepting;

/// <summary>Encryption of a listener's connections.</summary>
/// <example>
/// <code>
/// { "mode": "required", "certificate": "tls/gateway.pfx", "password": { "file": "tls/gateway.password" }, "minimumVersion": "1.2" }
/// {
///   "mode": "implicit", "certificate": "tls/gateway.crt", "key": "tls/gateway.key",
///   "clientCertificates": { "mode": "offered", "roots": "tls/clients.pem" }
/// }
/// </code>
/// </example>
public sealed record ListenerTlsOptions
{
    /// <summary>Whether clients may or must encrypt the connection.</summary>
    public ListenerTlsMode Mode { get; init; }

    /// <summary>
    /// The certificate of the listener with its issuers: a PKCS #12 file (<c>*.pfx</c>, <c>*.p12</c>) with the private key, or PEM.
    /// Needed unless the mode is off. A changed file is used from the next connection on; a broken one is logged, and the one before
    /// stays in use.
    /// </summary>
    [Notation(Notation.ReadPath)]
    public string? Certificate { get; init; }

    /// <summary>The private key of a PEM certificate; without it, the key stands in the file of the certificate.</summary>
    [Notation(Notation.ReadPath)]
    public string? Key { get; init; }

    /// <summary>The password of the PKCS #12 file or of the private key.</summary>
    public SecretOptions? Password { get; init; }

    /// <summary>The oldest version of TLS that is spoken.</summary>
    public TlsVersion MinimumVersion { get; init; }

    /// <summary>Certificates by which clients are known.</summary>
    public ClientCertificateOptions ClientCertificates { get; init; } = new();
}

/// <summary>Whether clients may or must encrypt the connection.</summary>
public enum ListenerTlsMode
{
    /// <summary>Connections are plain.</summary>
    Off,

    /// <summary>Clients may encrypt with STARTTLS.</summary>
    Offered,

    /// <summary>Clients must encrypt with STARTTLS before anything else.</summary>
    Required,

    /// <summary>Connections begin encrypted (RFC 8314, the way of port 465).</summary>
    Implicit,
}
