namespace SmimeGateway.Locating;

/// <summary>The certificates the gateway signs with, and those it trusts.</summary>
/// <example>
/// <code>
/// {
///   "own": [{ "name": "office", "pkcs12": "certificates/office.pfx", "password": { "file": "office.password" } }],
///   "trust": { "roots": "trust/roots" }
/// }
/// </code>
/// </example>
public sealed record CertificateOptions
{
    /// <summary>The places where certificates with private keys are found; rules name them.</summary>
    public IReadOnlyList<OwnCertificateOptions> Own { get; init; } = [];

    /// <summary>Whose certificates are trusted.</summary>
    public TrustOptions Trust { get; init; } = new();
}
