namespace SmimeGateway.Locating;

/// <summary>Which certificates are kept from signed mail.</summary>
public enum HarvestAcceptance
{
    /// <summary>The author's own, when the signature is right and the certificate has a chain to a trusted root.</summary>
    Trusted,
}
