namespace SmimeGateway.TestSupport;

/// <summary>What must become of an awkward message where a rule signs.</summary>
public enum AwkwardOutcome
{
    /// <summary>Accepted and signed, and the signature verifies wherever it is relayed to.</summary>
    Verifies,

    /// <summary>Accepted and relayed byte for byte, because it is protected already.</summary>
    KeptAsItIs,

    /// <summary>Refused with 554: relaying it could not keep it as it is.</summary>
    Refused,
}
