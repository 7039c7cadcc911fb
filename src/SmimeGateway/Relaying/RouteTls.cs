namespace SmimeGateway.Relaying;

/// <summary>Whether the connection to a next hop is encrypted.</summary>
public enum RouteTls
{
    /// <summary>Never.</summary>
    Off,

    /// <summary>Where both sides can; otherwise the mail goes out over a plain connection.</summary>
    WhenOffered,
}
