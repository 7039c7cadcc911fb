namespace SmimeGateway.Certificates.Finding;

/// <summary>What a certificate that was seen meant for those that are kept.</summary>
public enum SeenChange
{
    /// <summary>All of it was known, or is older than what is known.</summary>
    None,

    /// <summary>The certificate was not known.</summary>
    New,

    /// <summary>Its owner announced other capabilities than before.</summary>
    Capabilities,

    /// <summary>It is not kept: too many new certificates came within a day, or it, or what its owner announced, is too large.</summary>
    NoRoom,
}
