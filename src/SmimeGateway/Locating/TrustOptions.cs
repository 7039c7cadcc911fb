using SmimeGateway.Settings;

namespace SmimeGateway.Locating;

/// <summary>Whose certificates are trusted. The root of a built-in authority always is.</summary>
/// <example>
/// <code>
/// {
///   "roots": ["trust/roots"], "intermediates": ["trust/intermediates"], "systemRoots": false,
///   "revocation": { "check": "off" }
/// }
/// </code>
/// </example>
public sealed record TrustOptions
{
    /// <summary>Files, or folders of files, with the certificates of trusted root authorities.</summary>
    [Notation(Notation.ReadPath)]
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>Files, or folders of files, with certificates of intermediate authorities, which complete chains, those that signatures carry among them, but trust nobody.</summary>
    [Notation(Notation.ReadPath)]
    public IReadOnlyList<string> Intermediates { get; init; } = [];

    /// <summary>Whether the roots of the operating system are trusted too.</summary>
    public bool SystemRoots { get; init; }

    /// <summary>Whether certificates are checked for revocation.</summary>
    public RevocationOptions Revocation { get; init; } = new();
}

/// <summary>Whether certificates are checked for revocation.</summary>
/// <example>
/// <code>
/// { "check": "off" }
/// </code>
/// </example>
public sealed record RevocationOptions
{
    /// <summary>Whether revocation lists and OCSP responders are asked. This version supports only off.</summary>
    public RevocationCheck Check { get; init; }
}

/// <summary>Whether certificates are checked for revocation.</summary>
public enum RevocationCheck
{
    /// <summary>They are not.</summary>
    Off,
}
