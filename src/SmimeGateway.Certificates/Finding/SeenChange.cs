namespace SmimeGateway.Certificates.Finding;

/// <summary>What a certificate that was seen meant for those that are kept.</summary>
public enum SeenChange
{
    /// <summary>All of it was known.</summary>
    None,

    /// <summary>The certificate was not known.</summary>
    New,

    /// <summary>Its owner announced other capabilities than before.</summary>
    Capabilities,
}
