using System.Net;

namespace SmimeGateway.Smtp;

/// <summary>Who talks to us in a session, as far as is known.</summary>
/// <param name="SessionId">Names the session in the log.</param>
/// <param name="ListenerName">The listener that took the connection.</param>
/// <param name="Client">The client's address and port; an IPv4 address is never given in its IPv6-mapped form.</param>
public sealed record SmtpSessionIdentity(string SessionId, string ListenerName, IPEndPoint Client)
{
    /// <summary>What the client called itself in EHLO or HELO, printable ASCII of at most 255 characters, not verified; null before that.</summary>
    public string? HeloName { get; init; }

    /// <summary>True when the client said EHLO.</summary>
    public bool IsExtended { get; init; }

    /// <summary>The authenticated user, or null.</summary>
    public string? User { get; init; }

    /// <summary>What protects the connection; null while it is plain.</summary>
    public TlsFacts? Tls { get; init; }
}
