namespace SmimeGateway.Mime;

/// <summary>Bounds that foreign mail may not exceed: beyond them reading stops with a <see cref="MimeFault"/>.</summary>
/// <param name="MaxDepth">How many entities may lie inside one another, the message itself being the first.</param>
/// <param name="MaxParts">How many entities a message may have in all.</param>
/// <param name="MaxHeaderFields">How many fields one header section may have.</param>
/// <param name="MaxHeaderBytes">How many octets one header section may have.</param>
/// <param name="AddedFields">How many fields more the outermost header may have: those that were put there after it was counted, or before it is.</param>
public sealed record MimeLimits(
    int MaxDepth = 50, int MaxParts = 10_000, int MaxHeaderFields = 10_000, int MaxHeaderBytes = 1_048_576, int AddedFields = 0)
{
    /// <summary>Bounds that ordinary mail stays far below.</summary>
    public static MimeLimits Standard { get; } = new(AddedFields: 10);
}
