namespace SmimeGateway.Accepting;

/// <summary>A listener as it is configured at this moment.</summary>
/// <param name="HostName">The name the gateway gives itself.</param>
/// <param name="Options">The listener's options.</param>
public sealed record Listener(string HostName, ListenerOptions Options);
