using SmimeGateway.Accepting.Securing;
using SmimeGateway.Accepting.Users;

namespace SmimeGateway.Accepting;

/// <summary>A listener as it is configured at this moment.</summary>
/// <param name="HostName">The name the gateway gives itself.</param>
/// <param name="Options">The listener's options.</param>
public sealed record Listener(string HostName, ListenerOptions Options)
{
    /// <summary>Its certificate; null where TLS is off.</summary>
    public ListenerTls? Tls { get; init; }

    /// <summary>Its users; null where nobody logs in.</summary>
    public UserList? Users { get; init; }
}
