namespace SmimeGateway.Host.Commands;

/// <summary>What a rehearsed message came to.</summary>
/// <param name="Rule">The rule that decided.</param>
/// <param name="From">The sender.</param>
/// <param name="To">The recipient.</param>
/// <param name="Story">Every decision on the way, in order.</param>
/// <param name="Protection">What was done to the message, or null when it was refused.</param>
/// <param name="NextHop">Where its route leads, or null when it was refused.</param>
/// <param name="Structure">The parts of the result.</param>
/// <param name="Reply">What the client would have heard.</param>
/// <param name="Verdict">The result of verifying the message again, in a sentence.</param>
/// <param name="IsGood">False when the message would be refused or its signature is not good.</param>
internal sealed record RehearsalResult(
    string Rule,
    string From,
    string To,
    IReadOnlyList<string> Story,
    string? Protection,
    string? NextHop,
    Structure? Structure,
    string Reply,
    string Verdict,
    bool IsGood)
{
    /// <summary>The resulting message; not part of the JSON answer.</summary>
    internal byte[]? Content { get; init; }

    public static RehearsalResult NotPossible(string rule, string why) =>
        new(rule, string.Empty, string.Empty, [], null, null, null, string.Empty, why, IsGood: false);
}
