using SmimeGateway.Settings;

namespace SmimeGateway.Relaying;

/// <summary>
/// Which certificate a next hop must show. Without this: one for the host as the route names it, below a root of the operating system.
/// Revocation is not asked for.
/// </summary>
/// <example>
/// <code>
/// { "roots": "trust/provider.pem", "name": "smtp.provider.example" }
/// { "fingerprints": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" }
/// </code>
/// </example>
public sealed record RouteTrustOptions
{
    /// <summary>
    /// Files, or folders of files, with the certificates of the roots that are trusted instead of those of the operating system. Changed
    /// files are noticed.
    /// </summary>
    [Notation(Notation.ReadPath)]
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>
    /// SHA-256 fingerprints of pinned certificates: the next hop must show one of them, and then neither its issuer nor its name nor its
    /// dates matter.
    /// </summary>
    [Notation(Notation.Fingerprint)]
    public IReadOnlyList<string> Fingerprints { get; init; } = [];

    /// <summary>The name in the certificate, where it differs from the host; the handshake asks for it, too.</summary>
    /// <value>the host</value>
    [Notation(Notation.HostName)]
    public string? Name { get; init; }
}
