namespace SmimeGateway.Accepting;

/// <summary>Whether clients may or must encrypt the connection.</summary>
public enum ListenerTlsMode
{
    /// <summary>Connections are plain.</summary>
    Off,

    /// <summary>Clients may encrypt with STARTTLS.</summary>
    Offered,

    /// <summary>Clients must encrypt with STARTTLS before anything else.</summary>
    Required,

    /// <summary>Connections begin encrypted (RFC 8314, the way of port 465).</summary>
    Implicit,
}
