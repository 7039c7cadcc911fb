namespace SmimeGateway.Accepting;

/// <summary>Whether clients may or must log in.</summary>
public enum ListenerAuthenticationMode
{
    /// <summary>Nobody logs in; clients are known by their address alone.</summary>
    Off,
}
