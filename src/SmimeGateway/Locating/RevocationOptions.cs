namespace SmimeGateway.Locating;

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
