using System.ComponentModel.DataAnnotations;

namespace SmimeGateway.Locating;

/// <summary>The certificates the gateway signs with, those it encrypts to, and those it trusts.</summary>
/// <example>
/// <code>
/// {
///   "own": [{ "name": "office", "pkcs12": "certificates/office.pfx", "password": { "file": "office.password" } }],
///   "partners": [{ "name": "folder", "folder": "certificates/partners" }, { "name": "seen", "harvested": { "accept": "trusted" } }],
///   "trust": { "roots": "trust/roots" },
///   "warnBefore": "30d"
/// }
/// </code>
/// </example>
public sealed record CertificateOptions
{
    /// <summary>The places where certificates with private keys are found; rules name them.</summary>
    public IReadOnlyList<OwnCertificateOptions> Own { get; init; } = [];

    /// <summary>The places where the certificates of partners are found; rules name them.</summary>
    public IReadOnlyList<PartnerCertificateOptions> Partners { get; init; } = [];

    /// <summary>How long before the end of a certificate the log, `health` and `status` tell of it: own ones, those of listeners and routes, and the built-in authority.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "366.00:00:00")]
    public TimeSpan WarnBefore { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Whose certificates are trusted.</summary>
    public TrustOptions Trust { get; init; } = new();
}
