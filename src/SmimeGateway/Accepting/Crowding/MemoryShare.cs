namespace SmimeGateway.Accepting.Crowding;

/// <summary>What one message holds of the budget. Changed by <see cref="MemoryBudget"/> alone.</summary>
internal sealed class MemoryShare
{
    /// <summary>Held of what is kept for small messages.</summary>
    public long Small { get; set; }

    /// <summary>Held of what all share.</summary>
    public long Large { get; set; }

    /// <summary>True when what it holds is worth being collected as soon as it is given back.</summary>
    public bool IsLarge => Large > MemoryBudget.MaxSmall;
}
