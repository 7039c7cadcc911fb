namespace SmimeGateway.Accepting;

/// <summary>Whether clients may or must encrypt the connection.</summary>
public enum ListenerTlsMode
{
    /// <summary>Connections are plain.</summary>
    Off,
}
