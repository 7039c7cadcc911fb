namespace SmimeGateway.Accepting;

/// <summary>Encryption of a listener's connections.</summary>
/// <example>
/// <code>
/// { "mode": "off" }
/// </code>
/// </example>
public sealed record ListenerTlsOptions
{
    /// <summary>Whether clients may or must encrypt the connection. This version supports only off.</summary>
    public ListenerTlsMode Mode { get; init; }
}
