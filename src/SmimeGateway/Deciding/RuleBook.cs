using SmimeGateway.Smtp;

namespace SmimeGateway.Deciding;

/// <summary>
/// All rules in their order. The first rule that matches wins, decided for each recipient; when none does, the configured
/// <c>otherwise</c> applies.
/// </summary>
public sealed class RuleBook
{
    private readonly Rule[] _rules;
    private readonly Decision[] _decisions;
    private readonly RuleIndex _index;
    private readonly Decision _otherwise;

    /// <summary>Parses and indexes the rules.</summary>
    public RuleBook(IReadOnlyList<RuleOptions> rules, WhenNoRuleMatches otherwise)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _rules = [.. rules.Select((options, position) => new Rule(position, options))];
        _decisions = [.. rules.Select(ToDecision)];
        _index = new RuleIndex(_rules);
        _otherwise = new Decision(
            Decision.Otherwise,
            otherwise == WhenNoRuleMatches.Pass ? DecisionAction.Pass : DecisionAction.Reject,
            Sign: null,
            AlreadyProtected.Keep);
    }

    /// <summary>The rules in their order.</summary>
    public IReadOnlyList<Rule> Rules => _rules;

    /// <summary>Decides for one recipient. Looks only at rules whose literal addresses or domains fit, however many there are.</summary>
    public Decision Decide(MessageFacts facts, MailPath recipient)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(recipient);
        var rule = _index.FindFirst(facts, recipient);
        return rule is null ? _otherwise : _decisions[rule.Position];
    }

    /// <summary>The decision the named rule would make, whoever sends to whom; null when there is no such rule.</summary>
    public Decision? DecisionOf(string ruleName) =>
        Array.Find(_decisions, decision => decision.RuleName.Equals(ruleName, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Tells for every rule up to the one that decides why it does not apply. Asks all of them in turn, so it is for people, not for
    /// the path of a message.
    /// </summary>
    public IEnumerable<(Rule Rule, RuleMismatch Mismatch)> Explain(MessageFacts facts, MailPath recipient)
    {
        foreach (var rule in _rules)
        {
            var mismatch = rule.Judge(facts, recipient);
            yield return (rule, mismatch);
            if (mismatch == RuleMismatch.None)
            {
                yield break;
            }
        }
    }

    private static Decision ToDecision(RuleOptions rule) =>
        new(rule.Name, rule.Sign is null ? DecisionAction.Pass : DecisionAction.Protect, rule.Sign, rule.AlreadyProtected);
}
