using SmimeGateway.Settings;

namespace SmimeGateway.Accepting;

/// <summary>
/// Which certificates of clients are accepted: those that lead to one of the roots and are meant for clients, and those named by their
/// fingerprints.
/// </summary>
/// <example>
/// <code>
/// { "mode": "offered", "roots": "tls/clients.pem" }
/// { "mode": "required", "fingerprints": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" }
/// </code>
/// </example>
public sealed record ClientCertificateOptions
{
    /// <summary>
    /// Whether clients may or must show a certificate. With offered, an accepted one admits a client that <c>clients</c> does not; with
    /// required, every client needs one besides.
    /// </summary>
    public ClientCertificateMode Mode { get; init; }

    /// <summary>
    /// Files or folders with the certificates of authorities. Everybody to whom one of them issues gets in, so name only an authority
    /// that issues to your own servers.
    /// </summary>
    [Notation(Notation.ReadPath)]
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>SHA-256 fingerprints of single certificates; their issuers and dates do not matter.</summary>
    [Notation(Notation.Fingerprint)]
    public IReadOnlyList<string> Fingerprints { get; init; } = [];
}

/// <summary>Whether clients may or must show a certificate in the TLS handshake.</summary>
public enum ClientCertificateMode
{
    /// <summary>No client is asked for one.</summary>
    Off,

    /// <summary>Clients are asked; one from outside the networks of <c>clients</c> may relay when its certificate is accepted.</summary>
    Offered,

    /// <summary>A handshake without an accepted certificate fails; the client must still be one of <c>clients</c>, or log in.</summary>
    Required,
}
