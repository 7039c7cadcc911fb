using SmimeGateway.Deciding;

namespace SmimeGateway.Host.Commands.Explaining;

/// <summary>What is decided for one recipient.</summary>
/// <param name="To">The recipient.</param>
/// <param name="Rules">Every rule up to the one that decides.</param>
/// <param name="Decision">The name of the rule that decides.</param>
/// <param name="Action">What it does.</param>
/// <param name="Sentence">The same in a sentence.</param>
/// <param name="Terms">All values it works by.</param>
/// <param name="HasRoute">False when RCPT is refused.</param>
internal sealed record ExplainedRecipient(
    string To,
    IReadOnlyList<ExplainedRule> Rules,
    string Decision,
    DecisionAction Action,
    string Sentence,
    IReadOnlyList<TermInForce> Terms,
    bool HasRoute)
{
    /// <summary>Which domains sign it (DKIM), or why none does, in a sentence; null where the configuration names none.</summary>
    public string? Dkim { get; init; }
}
