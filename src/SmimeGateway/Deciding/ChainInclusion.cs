namespace SmimeGateway.Deciding;

/// <summary>Which issuers of the signer's certificate are sent along.</summary>
public enum ChainInclusion
{
    /// <summary>None: the signer's certificate alone.</summary>
    None,

    /// <summary>The intermediate authorities.</summary>
    WithoutRoot,

    /// <summary>The intermediate authorities and the root.</summary>
    All,
}
