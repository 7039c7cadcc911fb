namespace SmimeGateway.Queueing;

/// <summary>Whether a transaction was stored.</summary>
/// <param name="Ids">One id per message, or empty when nothing was taken.</param>
/// <param name="Refusal">Null when stored; else why not, for the log. The client hears 452 4.3.1.</param>
public sealed record EnqueueOutcome(IReadOnlyList<QueueId> Ids, string? Refusal)
{
    /// <summary>True when every message is durable.</summary>
    public bool IsStored => Refusal is null;
}
