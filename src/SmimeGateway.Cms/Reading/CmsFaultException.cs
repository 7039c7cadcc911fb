namespace SmimeGateway.Cms.Reading;

/// <summary>Carries a fault from deep inside a reader to its door, where it becomes a value.</summary>
#pragma warning disable CA1064 // It never leaves the assembly: every reader turns it into a value at its door.
internal sealed class CmsFaultException(CmsFault fault) : Exception(fault.Reason)
#pragma warning restore CA1064
{
    /// <summary>Carries a fault of this kind.</summary>
    public CmsFaultException(CmsFaultKind kind, string reason)
        : this(new CmsFault(kind, reason))
    {
    }

    /// <summary>What is to be returned.</summary>
    public CmsFault Fault => fault;
}
