namespace SmimeGateway.Cms.Reading;

/// <summary>Carries a fault from deep inside a reader to its door, where it becomes a value.</summary>
#pragma warning disable CA1064 // It never leaves the assembly: every reader turns it into a value at its door.
internal sealed class CmsFaultException(CmsFaultKind kind, string reason) : Exception(reason)
#pragma warning restore CA1064
{
    /// <summary>What is to be returned.</summary>
    public CmsFault Fault { get; } = new(kind, reason);
}
