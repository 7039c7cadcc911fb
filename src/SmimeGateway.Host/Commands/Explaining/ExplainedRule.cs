namespace SmimeGateway.Host.Commands.Explaining;

/// <summary>Whether a rule applies, and why.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Applies">True for the one that decides.</param>
/// <param name="Reason">The condition that does not hold, in a sentence.</param>
internal sealed record ExplainedRule(string Rule, bool Applies, string Reason);
