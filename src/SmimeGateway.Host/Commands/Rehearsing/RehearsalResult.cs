namespace SmimeGateway.Host.Commands.Rehearsing;

/// <summary>What a rehearsed message came to.</summary>
/// <param name="Rule">The rules that decided, each once.</param>
/// <param name="From">The sender.</param>
/// <param name="To">The recipients, each with the rule that decided for it.</param>
/// <param name="Story">Every decision on the way, in order.</param>
/// <param name="Reply">What the client would have heard.</param>
/// <param name="Messages">The messages that would leave: one may become several.</param>
/// <param name="Verdict">Why no message would leave, or null.</param>
/// <param name="IsGood">False when a recipient would be refused or get nothing, or a result is not what it should be.</param>
internal sealed record RehearsalResult(
    string Rule,
    string From,
    IReadOnlyList<RehearsedRecipient> To,
    IReadOnlyList<string> Story,
    string Reply,
    IReadOnlyList<RehearsedMessage> Messages,
    string? Verdict,
    bool IsGood)
{
    public static RehearsalResult NotPossible(string rule, string why) => new(rule, string.Empty, [], [], string.Empty, [], why, IsGood: false);
}
