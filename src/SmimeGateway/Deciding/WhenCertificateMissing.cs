namespace SmimeGateway.Deciding;

/// <summary>What happens to a message that a rule wants signed when there is no usable certificate.</summary>
public enum WhenCertificateMissing
{
    /// <summary>It is relayed unsigned, and the log says why.</summary>
    Pass,

    /// <summary>It is refused with 550 5.7.5.</summary>
    Reject,

    /// <summary>It is deferred with 451, so that the client tries again.</summary>
    Defer,
}
