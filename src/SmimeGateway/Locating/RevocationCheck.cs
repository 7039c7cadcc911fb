namespace SmimeGateway.Locating;

/// <summary>Whether certificates are checked for revocation.</summary>
public enum RevocationCheck
{
    /// <summary>They are not.</summary>
    Off,
}
