namespace SmimeGateway.Locating;

/// <summary>Which certificates of a folder are used.</summary>
public enum PartnerAcceptance
{
    /// <summary>Those with a chain to a trusted root.</summary>
    Trusted,

    /// <summary>All of them, self-signed ones too: whoever may write into the folder is trusted.</summary>
    All,
}
