namespace SmimeGateway.Accepting;

/// <summary>Whether clients may or must log in.</summary>
public enum ListenerAuthenticationMode
{
    /// <summary>Nobody logs in; clients are known by their address, or by their certificate.</summary>
    Off,

    /// <summary>Clients may log in; one from outside the networks of <c>clients</c> must, and may then relay.</summary>
    Offered,

    /// <summary>Every client must log in, and still be one of <c>clients</c>.</summary>
    Required,
}
