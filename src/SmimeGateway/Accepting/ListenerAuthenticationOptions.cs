namespace SmimeGateway.Accepting;

/// <summary>How clients of a listener log in.</summary>
/// <example>
/// <code>
/// { "mode": "off" }
/// </code>
/// </example>
public sealed record ListenerAuthenticationOptions
{
    /// <summary>Whether clients may or must log in. This version supports only off.</summary>
    public ListenerAuthenticationMode Mode { get; init; }
}
