namespace SmimeGateway.Queueing;

/// <summary>
/// Names a message in the queue, in replies and in the log. Unique for the lifetime of a queue, also across restarts.
/// </summary>
/// <param name="Value">Upper-case letters and digits, at most 20.</param>
public readonly record struct QueueId(string Value)
{
    /// <summary>The bare value.</summary>
    public override string ToString() => Value;
}
